//! Keeps the records for which an expression is true.

use super::expression;
use crate::flow::{
    engine::{Batch, Scalar, Schema},
    error::{ExpressionError, FlowError, Place},
    expr::Typed,
    memory::{List, Memory},
    workflow,
};

/// The condition.
pub(crate) struct Filter<'r, M: Memory> {
    condition: Typed<'r, M>,
}

impl<'r, M: Memory> Filter<'r, M> {
    pub(super) fn new(
        space: M::Space<'r>,
        place: &Place,
        plan: &workflow::Filter,
        input: &Schema,
    ) -> Result<Self, FlowError> {
        let condition = expression(space, place, "expression", &plan.expression, input)?;
        if !matches!(condition, Typed::Truth(_)) {
            return Err(FlowError::Expression(Box::new(ExpressionError {
                place: place.clone(),
                parameter: "expression".into(),
                text: plan.expression.clone(),
                at: (0, plan.expression.len()),
                message: "type error: a filter needs true or false".into(),
                help: "compare something, as in `dep_delay > 15`".into(),
            })));
        }
        Ok(Self { condition })
    }

    /// A record for which the condition is missing is left out, as in SQL.
    pub(crate) fn apply(&self, batch: &mut Batch<'_, M>) {
        batch.rows.retain(|row| self.condition.eval(row) == Scalar::Truth(true));
    }
}
