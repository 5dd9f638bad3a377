//! Checks that what the book and the other pages of the project lead to is there.

use super::quotes::{pages, root};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The links, images and headings of a file of Markdown.
struct Page {
    links: Vec<String>,
    images: Vec<String>,
    anchors: Vec<String>,
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        Self::parse(&text)
    }

    fn parse(text: &str) -> Self {
        let mut page = Self { links: Vec::new(), images: Vec::new(), anchors: Vec::new() };
        let mut heading: Option<String> = None;
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
        for event in Parser::new_ext(text, options) {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => page.links.push(dest_url.into_string()),
                Event::Start(Tag::Image { dest_url, .. }) => {
                    page.images.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    page.anchors.extend(heading.take().map(|text| anchor(&text)));
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        page
    }
}

/// Returns the anchor that mdBook and repositories in a browser make of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|character| match character {
        ' ' => Some('-'),
        '-' | '_' => Some(character),
        _ => character.is_alphanumeric().then_some(character),
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// Returns the path to `target` from the folder of `page`, with its `..` carried out.
fn resolve(page: &Path, target: &str) -> PathBuf {
    let mut path = page.parent().expect("a folder").to_path_buf();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

fn is_elsewhere(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("mailto:")
}

/// The pages of the book, without what they include.
fn book() -> Vec<PathBuf> {
    let included =
        ["generated", "study/results"].map(|folder| root().join("book/src").join(folder));
    let is_included = |page: &PathBuf| included.iter().any(|folder| page.starts_with(folder));
    pages().into_iter().filter(|page| !is_included(page)).collect()
}

#[test]
fn links_lead_somewhere() {
    let source = root().join("book/src");
    let others = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benches/README.md"];
    let files: Vec<PathBuf> =
        book().into_iter().chain(others.map(|name| root().join(name))).collect();
    let mut read = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut links = 0;
    for file in &files {
        let page = Page::read(file);
        for target in page.links.iter().chain(&page.images) {
            if is_elsewhere(target) {
                continue;
            }
            links += 1;
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if path.is_empty() { file.clone() } else { resolve(file, path) };
            let reason = if !path.exists() {
                "no such file"
            } else if file.starts_with(&source) && !path.starts_with(&source) {
                "not a part of the book"
            } else if anchor.is_empty() {
                continue;
            } else {
                let page = read.entry(path.clone()).or_insert_with(|| Page::read(&path));
                if page.anchors.iter().any(|known| known == anchor) {
                    continue;
                }
                "no such heading"
            };
            wrong.push(format!("{}: {target}: {reason}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(links > 100, "{links}");
}

#[test]
fn every_page_is_in_the_summary() {
    let summary = root().join("book/src/SUMMARY.md");
    let listed: Vec<PathBuf> =
        Page::read(&summary).links.iter().map(|link| resolve(&summary, link)).collect();
    let once: BTreeSet<&PathBuf> = listed.iter().collect();
    assert_eq!(once.len(), listed.len(), "a page is listed twice");
    for page in book().iter().filter(|page| **page != summary) {
        assert!(once.contains(page), "{} is not in SUMMARY.md", page.display());
    }
}

#[test]
fn headings_are_unique() {
    for path in book().iter().filter(|path| !path.ends_with("SUMMARY.md")) {
        let page = Page::read(path);
        let once: BTreeSet<&String> = page.anchors.iter().collect();
        assert_eq!(once.len(), page.anchors.len(), "{}: {:?}", path.display(), page.anchors);
        assert!(!page.anchors.is_empty(), "{} has no heading", path.display());
    }
}

#[test]
fn parts_of_a_page_are_found() {
    let page = Page::parse(
        "# NaN and `Sgd`, both\n[a](b.md#c) ![d](e.svg)\n```text\n[no](f.md)\n# no\n```\n`[no](g)`\n",
    );
    assert_eq!(page.anchors, ["nan-and-sgd-both"]);
    assert_eq!((page.links, page.images), (vec!["b.md#c".to_owned()], vec!["e.svg".to_owned()]));
    assert_eq!(resolve(Path::new("/book/src/in/a.md"), "../b.md"), Path::new("/book/src/b.md"));
}
