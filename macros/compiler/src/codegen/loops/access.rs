//! The memory that a loop runs along: slices, each with a stride for every axis that it has, and
//! the `for` loops over the axes.

use crate::codegen::buffers::unparenthesised;
use crate::ir::Type;
use crate::ir::layout::{Axis, Layout};
use crate::size::Size;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// A slice that a loop runs along.
pub struct Access {
    /// The variable of the slice.
    whole: Ident,
    /// The variable of the part that is accessed, once it differs from that of other accesses to
    /// the slice.
    pub name: Ident,
    is_written: bool,
    /// `true` if the variable is a mutable slice, even if it is only read.
    is_mutable: bool,
    /// Number of scalars of the slice, for one sample, if this is only a window of it.
    window_of: Option<Size>,
    /// Every axis of the loop, the samples first; later every level of the nest.
    axes: Vec<Option<Axis>>,
    /// Number of scalars before the element, within the span of one index of the last axis.
    rest: Size,
    /// The level from which on the access has a variable of its own.
    apart: usize,
}

/// Adjacent axes that all accesses can traverse with one stride.
struct Level {
    batch: bool,
}

/// The levels of a loop, from the outermost, with the accesses.
pub struct LoopNest {
    streams: Vec<Access>,
    levels: Vec<Level>,
}

impl Access {
    /// Creates an access to the elements of `layout`, broadcast to `ty`.
    pub fn new(whole: Ident, layout: &Layout, ty: &Type) -> Self {
        let long: Vec<bool> = layout.axes.iter().map(|axis| axis.size != Size::one()).collect();
        let (axes, rest) = layout.only(&long);
        let mut axes = axes.into_iter();
        let sample = layout.sample.clone();
        let sample =
            sample.map(|stride| Axis { size: Size::one(), offset: Size::default(), stride });
        // axes correspond from the last one on; surplus axes have size 1
        let missing = ty.shape.len().saturating_sub(long.len());
        let more = long.len().saturating_sub(ty.shape.len());
        let long = std::iter::repeat_n(false, missing).chain(long.into_iter().skip(more));
        let axes = long.map(|long| long.then(|| axes.next()).flatten());
        Self {
            name: whole.clone(),
            whole,
            is_written: false,
            is_mutable: false,
            window_of: None,
            axes: std::iter::once(sample).chain(axes).collect(),
            rest,
            apart: usize::MAX,
        }
    }

    /// Returns the same access for writing, to a window of the slice if its length is given.
    pub fn written(self, window_of: Option<Size>) -> Self {
        Self { is_written: true, is_mutable: true, window_of, ..self }
    }

    /// Returns the same access for reading, from a variable that may be mutable, or from a window
    /// of it.
    pub fn read(self, is_mutable: bool, window_of: Option<Size>) -> Self {
        Self { is_mutable, window_of, ..self }
    }

    /// Returns true if both access the same elements in the same order.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.whole, &self.axes, &self.rest) == (&other.whole, &other.axes, &other.rest)
    }

    /// Returns the variable within all levels.
    fn innermost(&self) -> &Ident {
        if self.apart == usize::MAX { &self.whole } else { &self.name }
    }

    /// Returns true if the elements of the last level are contiguous.
    fn is_dense(&self) -> bool {
        let stride = self.axes.iter().flatten().last().map(|axis| &axis.stride);
        self.rest == Size::default() && stride.is_none_or(|stride| *stride == Size::one())
    }

    /// Returns true if the loop repeats one element.
    fn is_constant(&self) -> bool {
        self.axes.iter().all(Option::is_none)
    }

    /// Returns the range of the slice that is needed at a level, unless that is all of it.
    fn range(&self, level: usize, batch: bool) -> Option<[Size; 2]> {
        let (len, axis) = (self.window_of.as_ref()?, self.axes[level].as_ref()?);
        let outer = self.axes[..level].iter().flatten().last();
        let there = outer.map_or(len, |outer| &outer.stride);
        let own = axis.size.times(&axis.stride);
        let is_all = batch || (axis.offset == Size::default() && *there == own);
        (!is_all).then(|| [axis.offset.clone(), axis.offset.plus(&own)])
    }

    /// Returns the variable of the slice that the innermost loop goes along, and the slice: `len`
    /// scalars, or all there are of the `first`, whose length that is.
    fn slice(&self, level: usize, batch: bool, cut: bool, first: bool) -> [TokenStream; 2] {
        let variable = if level > self.apart || cut { &self.name } else { &self.whole };
        let pattern = if level >= self.apart { &self.name } else { &self.whole };
        let range = self.range(level, batch).filter(|_| !cut);
        let part = match (range, first) {
            (None, true) if self.is_written => quote!(*#variable),
            (None, true) => quote!(#variable[..]),
            (Some(range), true) => {
                let range = self::range(range);
                quote!(#variable[#range])
            }
            (None, false) => quote!(#variable[..len]),
            (Some([start, _]), false) if start == Size::default() => quote!(#variable[..len]),
            (Some([start, _]), false) => {
                let start = unparenthesised(&start);
                quote!(#variable[#start..][..len])
            }
        };
        let borrow = if self.is_written { quote!(&mut) } else { quote!(&) };
        [quote!(#pattern), quote!(#borrow #part)]
    }

    /// Returns the pattern of the `for` loop at a level, and the expression that it iterates over.
    /// If the part is `cut` out before the loop, it already has a variable of its own.
    fn source(
        &self,
        level: usize,
        batch: bool,
        cut: bool,
        runtime: &TokenStream,
    ) -> [TokenStream; 2] {
        let variable = if level > self.apart || cut { &self.name } else { &self.whole };
        let pattern = if level >= self.apart { &self.name } else { &self.whole };
        let is_first = self.axes[..level].iter().all(Option::is_none);
        let range = self.range(level, batch).filter(|_| !cut).map(range);
        let slice = match (self.is_written, range) {
            (true, None) => quote!(&mut *#variable),
            (true, Some(range)) => quote!(&mut #variable[#range]),
            (false, Some(range)) => quote!(&#variable[#range]),
            // reborrowed, since the slice itself is needed again
            (false, None) if self.is_mutable && is_first => quote!(&*#variable),
            (false, None) => quote!(#variable),
        };
        let is_last = self.axes[level + 1..].iter().all(Option::is_none);
        let chunks = if self.is_written { quote!(chunks_mut) } else { quote!(chunks) };
        let source = match &self.axes[level] {
            Some(axis) if !is_last || !self.is_dense() => {
                let len = axis.stride.tokens();
                quote!(#runtime::#chunks(#slice, #len))
            }
            _ => slice,
        };
        [quote!(#pattern), source]
    }
}

/// Returns a range expression, without a start of zero.
fn range([start, end]: [Size; 2]) -> TokenStream {
    let start = (start != Size::default()).then(|| unparenthesised(&start));
    let end = unparenthesised(&end);
    quote!(#start..#end)
}

impl LoopNest {
    /// Creates the levels of a loop over a type.
    pub fn new(ty: &Type, mut streams: Vec<Access>) -> Self {
        let mut levels: Vec<Level> = Vec::new();
        let mut kept: Vec<Vec<Option<Axis>>> = vec![Vec::new(); streams.len()];
        for axis in 0..=ty.shape.len() {
            let batch = axis == 0;
            if (batch && !ty.batched) || (!batch && ty.shape[axis - 1] == Size::one()) {
                continue;
            }
            let joins = kept.iter().zip(&streams).all(|(kept, stream)| {
                match (kept.last(), &stream.axes[axis]) {
                    (Some(None), None) => true,
                    (Some(Some(outer)), Some(inner)) => outer.continues_in(inner),
                    _ => false,
                }
            });
            for (kept, stream) in kept.iter_mut().zip(&streams) {
                match (joins, kept.last_mut(), &stream.axes[axis]) {
                    (true, Some(Some(outer)), Some(inner)) => {
                        outer.size = outer.size.times(&inner.size);
                        outer.stride.clone_from(&inner.stride);
                    }
                    (true, ..) => {}
                    (false, _, axis) => kept.push(axis.clone()),
                }
            }
            if !joins || levels.is_empty() {
                levels.push(Level { batch });
            }
        }
        for (stream, axes) in streams.iter_mut().zip(kept) {
            stream.axes = axes;
        }
        if levels.is_empty() {
            // a single element
            levels.push(Level { batch: false });
            for stream in &mut streams {
                let one = Size::one();
                let offset = std::mem::take(&mut stream.rest);
                stream.axes.push(Some(Axis { size: one.clone(), offset, stride: one }));
            }
        }
        let mut nest = Self { streams, levels };
        nest.tell_apart();
        nest
    }

    /// Finds the level from which on every access needs a variable of its own.
    fn tell_apart(&mut self) {
        for index in 0..self.streams.len() {
            let stream = &self.streams[index];
            let is_cut = |level: &usize| stream.range(*level, self.levels[*level].batch).is_some();
            let mut apart = (0..self.levels.len()).find(is_cut);
            if stream.is_constant() {
                apart = Some(0);
            }
            let same = self.streams.iter().filter(|other| other.whole == stream.whole);
            for other in same {
                let differs = |level: &usize| stream.axes[*level] != other.axes[*level];
                let level = (0..self.levels.len()).find(differs);
                apart = [apart, level].into_iter().flatten().min();
            }
            // a variable is bound only at the levels that an access has
            let gives = |level: &usize| stream.is_constant() || stream.axes[*level].is_some();
            let apart = apart.and_then(|apart| (apart..self.levels.len()).find(gives));
            self.streams[index].apart = apart.unwrap_or(usize::MAX);
        }
    }

    /// Returns the element of an access, and its variable if no other access has the same.
    pub fn element(&self, stream: usize) -> (TokenStream, Option<Ident>) {
        let stream = &self.streams[stream];
        let name = stream.innermost();
        let same = self.streams.iter().filter(|other| other.innermost() == name).count();
        let own = (same == 1).then(|| name.clone());
        if self.is_indexed() && stream.axes.last().is_some_and(Option::is_some) {
            return (quote!(#name[index]), own);
        }
        if stream.is_dense() || stream.is_constant() {
            return (quote!(*#name), own);
        }
        let rest = unparenthesised(&stream.rest);
        (quote!(#name[#rest]), own)
    }

    /// Returns true if the innermost loop counts an index. It does if it goes along several slices: an
    /// iterator over all of them would be a type of its own for every such loop, which is long to read
    /// and to compile.
    fn is_indexed(&self) -> bool {
        let last =
            || self.streams.iter().filter(|stream| matches!(stream.axes.last(), Some(Some(_))));
        last().count() > 1 && last().all(Access::is_dense)
    }

    /// Emits the whole nest around the statements for each element.
    pub fn emit(&self, body: TokenStream, runtime: &TokenStream) -> TokenStream {
        let mut scalars = TokenStream::new();
        for stream in self.streams.iter().filter(|stream| stream.is_constant()) {
            let (whole, name, rest) = (&stream.whole, &stream.name, unparenthesised(&stream.rest));
            scalars.extend(quote!(let #name = &#whole[#rest];));
        }
        let nest = self.level(0, body, runtime);
        if scalars.is_empty() { nest } else { quote!({ #scalars #nest }) }
    }

    /// Emits the loops from a level on.
    fn level(&self, level: usize, body: TokenStream, runtime: &TokenStream) -> TokenStream {
        let batch = self.levels[level].batch;
        let (mut patterns, mut sources): (Vec<TokenStream>, Vec<TokenStream>) = Default::default();
        let cuts = self.cuts(level);
        let is_indexed = self.is_indexed() && level + 1 == self.levels.len();
        for (index, stream) in self.streams.iter().enumerate() {
            if stream.axes[level].is_none() {
                continue;
            }
            let is_cut = cuts.iter().any(|cut| cut.contains(&index));
            let [pattern, source] = match is_indexed {
                true => stream.slice(level, batch, is_cut, patterns.is_empty()),
                false => stream.source(level, batch, is_cut, runtime),
            };
            // accesses to the same slice share an iterator as long as they can
            let known = patterns.iter().any(|other| other.to_string() == pattern.to_string());
            if !known {
                patterns.push(pattern);
                sources.push(source);
            }
        }
        let cuts = cuts.iter().map(|cut| {
            let names = cut.iter().map(|index| &self.streams[*index].name);
            let ranges = cut.iter().filter_map(|index| self.streams[*index].range(level, batch));
            let ranges = ranges.map(|range| {
                let [start, end] = range.map(|end| unparenthesised(&end));
                quote!(#start..#end)
            });
            let whole = &self.streams[cut[0]].whole;
            quote!(let [#(#names),*] = #runtime::parts_mut(&mut *#whole, [#(#ranges),*]);)
        });
        let cuts: TokenStream = cuts.collect();
        if is_indexed {
            let ([first, others @ ..], [whole, slices @ ..]) = (&patterns[..], &sources[..]) else {
                return TokenStream::new();
            };
            let code = quote! {
                #cuts
                let #first = #whole;
                let len = <[_]>::len(#first);
                #(let #others = #slices;)*
                for index in 0..len { #body }
            };
            return if level == 0 { quote!({ #code }) } else { code };
        }
        let inner = match level + 1 == self.levels.len() {
            true => body,
            false => self.level(level + 1, body, runtime),
        };
        let (pattern, source) = zipped(runtime, &patterns, &sources);
        quote!(#cuts for #pattern in #source { #inner })
    }

    /// Returns the slices of which several parts are written from a level on, as the accesses of
    /// the parts.
    fn cuts(&self, level: usize) -> Vec<Vec<usize>> {
        let begins = |stream: &Access| stream.is_written && stream.apart == level;
        let mut cuts: Vec<Vec<usize>> = Vec::new();
        for (index, stream) in self.streams.iter().enumerate().filter(|(_, s)| begins(s)) {
            match cuts.iter_mut().find(|cut| self.streams[cut[0]].whole == stream.whole) {
                Some(cut) => cut.push(index),
                None => cuts.push(vec![index]),
            }
        }
        cuts.retain(|cut| cut.len() > 1);
        cuts
    }
}

/// Returns several iterators zipped into one, and the pattern that takes an item apart.
pub fn zipped(
    runtime: &TokenStream,
    patterns: &[TokenStream],
    sources: &[TokenStream],
) -> (TokenStream, TokenStream) {
    match (patterns, sources) {
        ([pattern], [source]) => (pattern.clone(), source.clone()),
        ([pattern, patterns @ ..], [source, sources @ ..]) => {
            let (rest, others) = zipped(runtime, patterns, sources);
            (quote!((#pattern, #rest)), quote!(#runtime::zip(#source, #others)))
        }
        _ => (quote!(()), quote!([()])),
    }
}
