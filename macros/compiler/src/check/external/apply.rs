//! Application of external layers to values.

use super::ExternalLayer;
use crate::ast::{Expr, ExprKind};
use crate::check::layer::Input;
use crate::check::{Checker, Origin, Result};
use crate::ir::kernel::{Applied, Slice, external};
use crate::ir::{Type, Value};
use crate::program::{ExternalUse, Label, Row};
use crate::report::Place;
use crate::size::{Asked, Cost, Size};
use std::cell::RefCell;

impl Checker<'_> {
    /// Applies an external layer to `given` and returns its outputs.
    pub(in crate::check) fn apply_external(
        &mut self,
        layer: &RefCell<ExternalLayer>,
        given: &[(&Expr, Value)],
        place: Place,
    ) -> Result<Vec<Value>> {
        let layer = &mut *layer.borrow_mut();
        let (mut inputs, mut shapes, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (expr, value) in given {
            self.must_be_real(Input { expr, value: *value })?;
            let shape = self.graph().shape(*value).to_vec();
            inputs.push(self.graph().expand(*value, &Type::sample(shape.clone())));
            shapes.push(shape);
            texts.push(expr.to_string());
        }
        let outputs = self.external_outputs(layer, &shapes)?;
        let (first, before) = (layer.parameters.is_none(), self.program.parameters.len());
        let parameters = self.external_parameters(layer);
        let sizes: Vec<Vec<Size>> = outputs
            .iter()
            .map(|shape| shape.iter().map(|(size, _)| size.clone()).collect())
            .collect();
        let applied = Applied {
            layer: layer.layer.clone(),
            shapes: shapes.clone(),
            site: self.modules.random_sites,
            training: true,
        };
        self.modules.random_sites += 1;
        let ty = match &sizes[..] {
            [only] => Type::sample(only.clone()),
            // several outputs are computed side by side, in one value
            several => {
                let lens = several.iter().map(Size::product);
                Type::sample(vec![lens.fold(Size::default(), |sum, len| sum.plus(&len))])
            }
        };
        let value = external(self.graph(), applied, inputs, parameters, ty);
        let asked = |(size, asked): &(Size, bool)| (!asked).then(|| size.clone());
        self.program.external_uses.push(ExternalUse {
            layer: layer.layer.clone(),
            text: layer.text.clone(),
            given: texts,
            inputs: shapes.clone(),
            outputs: outputs.iter().map(|shape| shape.iter().map(asked).collect()).collect(),
            place: self.frame.place.unwrap_or(place),
        });
        let shape = sizes.first().cloned().unwrap_or_default();
        let values = self.external_values(value, &sizes);
        let result = values.first().copied().unwrap_or(value);
        self.external_row(layer, shapes, (shape, result), first);
        let declared = if first { before..self.program.parameters.len() } else { 0..0 };
        self.mark_row(&values, declared);
        for value in &values {
            let origin = Origin { text: layer.text.clone(), line: place.line() };
            self.origins.insert(*value, origin);
        }
        Ok(values)
    }

    /// Returns the shapes of the outputs. A size is `true` if it is asked of the layer: if no
    /// shapes are written, the output has as many axes as the first input and the same run-time
    /// sizes, and the layer knows the rest.
    fn external_outputs(
        &mut self,
        layer: &ExternalLayer,
        shapes: &[Vec<Size>],
    ) -> Result<Vec<Vec<(Size, bool)>>> {
        if layer.outputs.is_empty() {
            let first = shapes.first().cloned().unwrap_or_default();
            let sizes = first.into_iter().enumerate().map(|(axis, size)| match size.is_dynamic() {
                true => (size, false),
                false => {
                    let asked = Asked::Output(0, axis, shapes.to_vec());
                    (Size::external(&layer.layer, asked), true)
                }
            });
            return Ok(vec![sizes.collect()]);
        }
        let mut outputs = Vec::new();
        for shape in &layer.outputs {
            let ExprKind::List(sizes) = &shape.kind else { continue };
            let sizes: Vec<_> = sizes.iter().map(|size| Ok((self.size(size)?, false))).collect();
            outputs.push(sizes.into_iter().collect::<Result<Vec<_>>>()?);
        }
        Ok(outputs)
    }

    /// Splits the value that holds several outputs side by side.
    fn external_values(&mut self, value: Value, sizes: &[Vec<Size>]) -> Vec<Value> {
        if sizes.len() == 1 {
            return vec![value];
        }
        let (mut start, mut values) = (Size::default(), Vec::new());
        for shape in sizes {
            let len = Size::product(shape);
            let slice = Slice { axis: 0, start: start.clone(), len: len.clone() };
            let part = self.graph().kernel(slice, vec![value]);
            values.push(self.graph().view(part, shape.clone()));
            start = start.plus(&len);
        }
        values
    }

    fn external_row(
        &mut self,
        layer: &ExternalLayer,
        shapes: Vec<Vec<Size>>,
        (shape, result): (Vec<Size>, Value),
        first: bool,
    ) {
        let ask = |asked| Size::external(&layer.layer, asked);
        let flops = self.in_all_iterations(&ask(Asked::Cost(Cost::Flops, shapes)));
        let parameters = match first {
            true => Size::product(&self.iterations_of_parameters(layer.region))
                .times(&ask(Asked::Parameters)),
            false => Size::default(),
        };
        self.program.rows.push(Row {
            name: layer.name.clone(),
            layer: vec![Label::Text(format!("{}()", layer.text))],
            shape,
            parameters,
            flops,
            depth: self.frame.depth,
            result: Some(result),
            values: result.0..result.0 + 1,
        });
    }
}
