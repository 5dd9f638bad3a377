use super::axis::{Axis, short};
use super::*;

fn labels(axis: Axis, most: usize) -> Vec<String> {
    axis.ticks(most).into_iter().map(|tick| tick.label).collect()
}

fn linear(low: f64, high: f64) -> Axis {
    Axis::new([low, high].into_iter(), false, false)
}

fn logarithmic(low: f64, high: f64) -> Axis {
    Axis::new([low, high].into_iter(), true, false)
}

#[test]
fn ticks_are_round_numbers() {
    assert_eq!(labels(linear(0.0, 1.0), 5), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    assert_eq!(labels(linear(-3.0, 7.0), 5), ["-2", "0", "2", "4", "6"]);
    assert_eq!(labels(linear(0.0, 20_000.0), 4), ["0", "5k", "10k", "15k", "20k"]);
    assert_eq!(labels(linear(0.0, 2e-4), 4), ["0", "5e-5", "1.0e-4", "1.5e-4", "2.0e-4"]);
    assert_eq!(labels(linear(101.0, 101.3), 3), ["101.0", "101.1", "101.2", "101.3"]);
    assert_eq!(labels(logarithmic(0.01, 100.0), 5), ["0.01", "0.1", "1", "10", "100"]);
    assert_eq!(labels(logarithmic(1.0, 20.0), 5), ["1", "2", "5", "10", "20"]);
    assert_eq!(labels(logarithmic(2.0, 3.0), 5), ["2.0", "2.2", "2.4", "2.6", "2.8", "3.0"]);
    assert_eq!(labels(logarithmic(1e-9, 1.0), 4), ["1e-9", "1e-6", "0.001", "1"]);
}

#[test]
fn an_axis_shows_whatever_it_is_given() {
    let none = || std::iter::empty();
    for (axis, value) in [
        (Axis::new(none(), false, false), 0.5),
        (Axis::new(none(), true, false), 5.0),
        (linear(3.0, 3.0), 3.0),
        (linear(-1e300, 1e300), 0.0),
        (logarithmic(1e-300, 1e300), 1.0),
        (linear(f64::NAN, 2.0), 2.0),
        (logarithmic(-1.0, 2.0), 2.0),
    ] {
        let place = axis.over(100.0, 200.0).place(value).unwrap();
        assert!((100.0..=200.0).contains(&place), "{axis:?} {value}: {place}");
        let ticks = axis.ticks(5);
        assert!(ticks.len() <= 12, "{axis:?}: {ticks:?}");
        assert!(ticks.iter().all(|tick| axis.place(tick.value).is_some()));
    }
    assert_eq!(linear(0.0, 1.0).place(f64::NAN), None);
    assert_eq!(logarithmic(0.1, 1.0).place(0.0), None);
}

#[test]
fn numbers_are_short() {
    let shown = [0.0, 0.123_456, 1.0, 12.5, 123.456, 99_999.0, 1e5, 2.5e-7, -0.5].map(short);
    assert_eq!(shown, ["0", "0.123", "1", "12.5", "123", "99999", "1e5", "2.5e-7", "-0.5"]);
}

/// Returns the number of shapes of a kind in an SVG.
fn count(svg: &str, kind: &str) -> usize {
    svg.matches(&format!("<{kind} ")).count()
}

#[test]
fn a_chart_has_its_lines_bands_and_labels() {
    let line = [(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0), (3.0, 2.0)];
    let chart = Chart::new("Loss & <more>")
        .x_label("step")
        .y_label("loss")
        .line("a", line)
        .band([(0.0, 0.5, 1.5), (3.0, 1.5, 2.5)])
        .line("b", [(0.0, -1.0), (3.0, 1.0)]);
    let svg = chart.svg();
    assert!(svg.contains("<title>Loss &amp; &lt;more&gt;</title>"), "{svg}");
    for text in [">step</text>", ">loss</text>", ">a</text>", ">b</text>"] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    // the first point stands alone, and is a square beside the band
    assert_eq!(count(&svg, "polygon"), 2);
    assert!(svg.contains("prefers-color-scheme: dark"));
    let dark = chart.clone().theme(Theme::Dark).svg();
    assert!(!dark.contains("prefers-color-scheme") && dark.contains("#16181d"));
    // the same chart is the same text
    assert_eq!(svg, chart.svg());
}

#[test]
fn pictures_have_the_size_that_is_asked_for() {
    let png = Chart::new("é").size(120, 80).line("", [(0.0, 0.0), (1.0, 1.0)]).png().unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    let size = |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
    assert_eq!((size(16), size(20)), (240, 160));
    let svg = Chart::new("").size(300, 200).svg();
    assert!(svg.contains("viewBox=\"0 0 300 200\""));
    let error = Chart::new("").size(0, 10).png().unwrap_err();
    assert_eq!(error.to_string(), "a picture of 0 x 10 pixels: it has none, or too many");
}

/// The errors of charts are those of the crate and name the file.
#[test]
fn a_chart_that_cannot_be_saved_names_the_file() {
    fn save(chart: &Chart, path: &Path) -> Result<(), crate::Error> {
        chart.save(path)?;
        Ok(())
    }
    fn boxed(chart: &Chart, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
        chart.save(path)?;
        Ok(())
    }
    let folder = std::env::temp_dir().join(format!("monograd-no-plot-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let chart = Chart::new("").size(0, 10);
    let told = |name: &str| {
        let path = folder.join(name);
        let error = save(&chart, &path).unwrap_err();
        assert_eq!(boxed(&chart, &path).unwrap_err().to_string(), error.to_string());
        let crate::Error::File(file) = &error else { panic!("{error}") };
        assert_eq!(file.path.as_deref(), Some(&*path));
        error.to_string()
    };
    assert!(
        told("a.png").ends_with("a.png`: a picture of 0 x 10 pixels: it has none, or too many")
    );
    assert!(told("none/a.svg").contains("a.svg`: No such file"));
    assert!(told("").ends_with("`: a folder, not a regular file"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn bars_and_cells_are_as_many_as_the_values() {
    let bars = Bars::new("", ["a", "b", "c"]).series("x", [1.0, f64::NAN, -2.0]).series("y", [3.0]);
    // three bars, and two squares of the legend
    assert_eq!(count(&bars.svg(), "polygon"), 5);
    bars.size(100, 80).png().unwrap();
    let map = HeatMap::new("", ["a", "b"], ["c", "d"], [1.0, 2.0, f64::NAN]);
    // four cells, and the scale
    assert_eq!(count(&map.svg(), "polygon"), 4 + 64);
    assert!(map.svg().contains("#440154") && map.svg().contains("#fde725"));
    assert!(map.around_zero().svg().contains("#b43c00"));
    // cells too small for numbers: two rows of two colours are four rectangles
    let halves = (0..40).map(|i| f64::from(i / 10 % 2));
    let map = HeatMap::new("", [""; 2], [""; 20], halves);
    assert_eq!(count(&map.svg(), "polygon"), 4 + 64);
    HeatMap::new("", [""; 0], [""; 0], []).size(100, 80).png().unwrap();
    Bars::new("", [""; 0]).size(100, 80).png().unwrap();
}

#[test]
fn files_are_of_the_kind_that_their_names_say() {
    let folder = std::env::temp_dir().join(format!("monograd-plot-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let chart = Chart::new("").size(100, 60).line("", [(0.0, 0.0), (1.0, 1.0)]);
    chart.save(folder.join("a.svg")).unwrap();
    chart.save(folder.join("a.PNG")).unwrap();
    let text = std::fs::read_to_string(folder.join("a.svg")).unwrap();
    let bytes = std::fs::read(folder.join("a.PNG")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(text, chart.svg());
    assert_eq!(bytes, chart.png().unwrap());
}

/// Every panel has a mark of each row that has a value, on its own axis.
#[test]
fn panels_have_the_same_rows() {
    let panels = Panels::new("Layers", ["one", "two", "three"])
        .spread("mean", [Some((1.0, 0.5)), Some((f64::NAN, 1.0)), Some((-2.0, 0.0))])
        .shares("share", [Some(0.25), None, Some(0.0)])
        .log_marks("norm", [Some(1e-6), Some(0.0), Some(10.0)]);
    let svg = panels.svg();
    for text in ["one", "three", "mean", "share", "norm", "NaN", "0 %", "100 %", "1e-4", "0"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text}: {svg}");
    }
    // a square beside each of three titles; two marks, two bars and two marks
    assert_eq!(count(&svg, "polygon"), 3 + 6);
    let nothing = Panels::new("", [""; 0]).log_marks("norm", []);
    assert!(nothing.svg().starts_with("<svg") && nothing.png().is_ok());
    for size in [(1, 1), (40, 900), (900, 30)] {
        assert!(panels.clone().size(size.0, size.1).png().is_ok(), "{size:?}");
    }
}
