//! Expressions against what they must mean, and against a model.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::{Fault, check, parse};
use crate::flow::{
    engine::{Kind, Scalar, Schema, Value},
    memory::{List, Memory, Nebula, Standard},
};

fn columns() -> Schema {
    let column = |name: &str, kind| (name.to_owned(), kind);
    Schema::new(vec![
        column("i", Kind::Int),
        column("f", Kind::Float),
        column("t", Kind::Text),
        column("b", Kind::Truth),
        column("none", Kind::Int),
        column("two words", Kind::Int),
        column("empty", Kind::Unknown),
    ])
}

const RECORD: [Scalar<'_>; 7] = [
    Scalar::Int(7),
    Scalar::Float(2.5),
    Scalar::Text("UA"),
    Scalar::Truth(true),
    Scalar::Missing,
    Scalar::Int(-1),
    Scalar::Missing,
];

/// The value as a text, so that it can leave the memory it lives in.
fn value_in<M: Memory>(text: &str, record: &[Scalar<'_>]) -> Result<String, Fault> {
    let input = (text, record);
    M::run(&input, |space, (text, record)| {
        let tree = check::<M>(space, &parse::<M>(space, text)?, &columns())?;
        let mut row = M::list(space, record.len());
        for &cell in *record {
            row.push(Value::<M>::keep(space, cell));
        }
        Ok(format!("{:?}", tree.eval(&row)))
    })
}

fn value(text: &str) -> String {
    let ours = value_in::<Nebula>(text, &RECORD).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
    assert_eq!(ours, value_in::<Standard>(text, &RECORD).unwrap());
    ours
}

fn int(value: i64) -> String {
    format!("{:?}", Scalar::Int(value))
}

fn float(value: f64) -> String {
    format!("{:?}", Scalar::Float(value))
}

fn truth(value: bool) -> String {
    format!("{:?}", Scalar::Truth(value))
}

const MISSING: &str = "Missing";

#[test]
fn operators_bind_as_in_c() {
    assert_eq!(value("1 + 2 * 3"), int(7));
    assert_eq!(value("(1 + 2) * 3"), int(9));
    assert_eq!(value("10 - 4 - 3"), int(3));
    assert_eq!(value("-2 * -3 - -1"), int(7));
    assert_eq!(value("7 / 2"), float(3.5));
    assert_eq!(value("-7 % 4"), int(-3));
    assert_eq!(value("1 + 1 == 2 && 3 < 4 || false"), truth(true));
    assert_eq!(value("true || false && false"), truth(true));
    assert_eq!(value("!true == false"), truth(true));
    assert_eq!(value("!(i > 5) || t == \"UA\""), truth(true));
}

#[test]
fn columns_texts_and_numbers_are_read() {
    assert_eq!(value("`two words` + i"), int(6));
    assert_eq!(value("t == 'UA'"), truth(true));
    assert_eq!(value(r#"'it\'s' == "it's""#), truth(true));
    assert_eq!(value("f * 2"), float(5.0));
    assert_eq!(value("1e3 + .5"), float(1000.5));
    assert_eq!(value("i + f"), float(9.5));
    assert_eq!(value("t < \"VX\" && t >= \"U\""), truth(true));
}

#[test]
fn missing_values_behave_as_in_sql() {
    for text in
        ["none + 1", "-none", "none > 1", "none == none", "!(none > 1)", "abs(none)", "i / 0", "i % 0"]
    {
        assert_eq!(value(text), MISSING, "{text}");
    }
    assert_eq!(value("none > 1 && false"), truth(false));
    assert_eq!(value("false && none > 1"), truth(false));
    assert_eq!(value("none > 1 && true"), MISSING);
    assert_eq!(value("none > 1 || true"), truth(true));
    assert_eq!(value("none > 1 || false"), MISSING);
    assert_eq!(value("is_missing(none)"), truth(true));
    assert_eq!(value("is_missing(none + i)"), truth(true));
    assert_eq!(value("is_missing(i)"), truth(false));
    assert_eq!(value("coalesce(none, 4)"), int(4));
    assert_eq!(value("if(none > 1, 1, 2)"), int(2));
    assert_eq!(value("if(b, missing, 2)"), MISSING);
    assert_eq!(value("is_missing(missing)"), truth(true));
    assert_eq!(value("empty + 1"), MISSING);
}

#[test]
fn functions_do_what_they_are_called() {
    assert_eq!(value("floor(-2.5)"), int(-3));
    assert_eq!(value("ceil(f)"), int(3));
    assert_eq!(value("round(f)"), int(3));
    assert_eq!(value("abs(-4)"), int(4));
    assert_eq!(value("min(i, f)"), float(2.5));
    assert_eq!(value("max(i, f)"), int(7));
    assert_eq!(value("if(i > 5, \"many\", \"few\")"), format!("{:?}", Scalar::Text("many")));
}

#[test]
fn integers_that_do_not_fit_become_floats() {
    assert_eq!(value("9223372036854775807 + 1"), float(9_223_372_036_854_775_808.0));
    assert_eq!(value("-9223372036854775807 - 2"), float(-9_223_372_036_854_775_808.0));
    assert_eq!(value("9223372036854775807 * 9223372036854775807"), float(8.507_059_173_023_462e37));
    assert_eq!(value("1e308 * 10"), MISSING);
}

#[test]
fn faults_point_at_their_place() {
    for (text, at, message) in [
        ("", (0, 0), "empty"),
        ("i > ", (4, 4), "a value is expected"),
        ("i + t", (4, 5), "`+` needs a number, and this is text"),
        ("t > 15", (0, 6), "text cannot be compared with a number"),
        ("i && b", (0, 1), "`&&` needs true or false, and this is a number"),
        ("!(i + 1)", (1, 8), "`!` needs true or false"),
        ("i = 1", (2, 3), "`=` has no meaning"),
        ("i & b", (2, 3), "`&` has no meaning"),
        ("1 < 2 < 3", (6, 7), "cannot be chained"),
        ("(i + 1", (0, 1), "not closed"),
        ("i)", (1, 2), "never opened"),
        ("i i", (2, 3), "an operator is expected"),
        ("i > 1 and b", (6, 9), "`and` is not an operator"),
        ("\"abc", (0, 4), "not closed"),
        ("`abc", (0, 4), "not closed"),
        ("\"a\\q\"", (0, 5), "`\\q` has no meaning"),
        ("12abc", (0, 2), "runs into a name"),
        ("1.2.3", (0, 3), "runs into a name"),
        ("1é", (0, 1), "runs into a name"),
        ("delay > 1", (0, 5), "no column `delay`"),
        ("roud(i)", (0, 4), "no function `roud`"),
        ("abs(i, i)", (0, 9), "takes 1 argument, not 2"),
        ("if(b, 1, t)", (9, 10), "values of one type, not a number and text"),
        ("if(i, 1, 2)", (3, 4), "the condition of `if` needs true or false"),
        ("b < b", (0, 5), "have no order"),
        ("i == missing", (0, 12), "always missing"),
        ("min(1,", (6, 6), "a value is expected"),
        ("min(1 2)", (6, 7), "an operator or `)`"),
        ("i ? 1", (2, 3), "`?` has no meaning"),
    ] {
        let fault = value_in::<Nebula>(text, &RECORD).expect_err(text);
        assert_eq!((fault.at, true), (at, fault.message.contains(message)), "{text}: {fault:?}");
        assert!(!fault.help.is_empty());
        let same = value_in::<Standard>(text, &RECORD).expect_err(text);
        assert_eq!((same.at, same.message), (fault.at, fault.message));
    }
}

#[test]
fn nesting_has_an_end() {
    for text in [
        format!("{}i{}", "(".repeat(5000), ")".repeat(5000)),
        format!("{}i", "-".repeat(5000)),
        format!("{}b", "!".repeat(5000)),
        "1+".repeat(5000) + "1",
        "abs(".repeat(5000),
    ] {
        let fault = value_in::<Nebula>(&text, &RECORD).expect_err("too deep");
        assert!(fault.message.contains("nested"), "{}", fault.message);
    }
    assert_eq!(value(&("1+".repeat(100) + "1")), int(101));
}

/// An expression and, computed directly, what it must give.
#[derive(Debug, Clone)]
enum Model {
    Number(String, Option<f64>),
    Truth(String, Option<bool>),
}

impl Model {
    fn text(&self) -> &str {
        match self {
            Self::Number(text, _) | Self::Truth(text, _) => text,
        }
    }
}

/// Small integers and halves: their sums and products are exact, so that the model need not know two types.
fn number() -> impl Strategy<Value = Model> {
    let leaf = prop_oneof![
        (-9_i32..10).prop_map(|n| Model::Number(format!("{n}"), Some(f64::from(n)))),
        (-9_i32..10)
            .prop_map(|n| Model::Number(format!("{:?}", f64::from(n) / 2.0), Some(f64::from(n) / 2.0))),
        Just(Model::Number("i".into(), Some(7.0))),
        Just(Model::Number("f".into(), Some(2.5))),
        Just(Model::Number("none".into(), None)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        (inner.clone(), inner.clone(), inner, 0..7).prop_map(|(a, b, third, how)| {
            let (Model::Number(x, a), Model::Number(y, b)) = (a, b) else { unreachable!("both are numbers") };
            let both = a.zip(b);
            match how {
                0 => Model::Number(format!("({x} + {y})"), both.map(|(a, b)| a + b)),
                1 => Model::Number(format!("({x} - {y})"), both.map(|(a, b)| a - b)),
                2 => Model::Number(format!("({x}) * ({y})"), both.map(|(a, b)| a * b)),
                3 => Model::Number(format!("min({x}, {y})"), both.map(|(a, b)| a.min(b))),
                4 => Model::Number(format!("coalesce({x}, {y})"), a.or(b)),
                5 => Model::Number(format!("-({x})"), a.map(|a| -a)),
                _ => {
                    let Model::Number(then, value) = third else { unreachable!("it is a number") };
                    let condition = both.is_some_and(|(a, b)| a < b);
                    Model::Number(format!("if({x} < {y}, {then}, {x})"), if condition { value } else { a })
                }
            }
        })
    })
}

fn truths() -> impl Strategy<Value = Model> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|b| Model::Truth(b.to_string(), Some(b))),
        Just(Model::Truth("b".into(), Some(true))),
        (number(), number(), 0..7_usize).prop_map(|(a, b, how)| {
            let (Model::Number(x, a), Model::Number(y, b)) = (a, b) else { unreachable!("both are numbers") };
            if how == 6 {
                return Model::Truth(format!("is_missing({x})"), Some(a.is_none()));
            }
            let sign = ["<", "<=", ">", ">=", "==", "!="][how];
            let accepted: &[Ordering] = match how {
                0 => &[Ordering::Less],
                1 => &[Ordering::Less, Ordering::Equal],
                2 => &[Ordering::Greater],
                3 => &[Ordering::Greater, Ordering::Equal],
                4 => &[Ordering::Equal],
                _ => &[Ordering::Less, Ordering::Greater],
            };
            let compare =
                |(a, b): (f64, f64)| a.partial_cmp(&b).is_some_and(|order| accepted.contains(&order));
            Model::Truth(format!("{x} {sign} {y}"), a.zip(b).map(compare))
        }),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        (inner.clone(), inner, 0..3).prop_map(|(a, b, how)| {
            let (Model::Truth(x, a), Model::Truth(y, b)) = (a, b) else { unreachable!("both are truths") };
            match how {
                0 => Model::Truth(format!("!({x})"), a.map(|a| !a)),
                1 => {
                    let value = if a == Some(false) || b == Some(false) {
                        Some(false)
                    } else {
                        a.zip(b).map(|_| true)
                    };
                    Model::Truth(format!("(({x}) && ({y}))"), value)
                }
                _ => {
                    let value =
                        if a == Some(true) || b == Some(true) { Some(true) } else { a.zip(b).map(|_| false) };
                    Model::Truth(format!("(({x}) || ({y}))"), value)
                }
            }
        })
    })
}

proptest! {
    #[test]
    fn evaluation_agrees_with_a_model(model in prop_oneof![number(), truths()]) {
        let found = value(model.text());
        match &model {
            Model::Truth(_, expected) => {
                prop_assert_eq!(found, expected.map_or(MISSING.to_owned(), truth));
            }
            Model::Number(_, None) => prop_assert_eq!(found, MISSING),
            Model::Number(_, Some(expected)) => {
                let digits = found.trim_start_matches(|c: char| c.is_alphabetic() || c == '(').trim_end_matches(')');
                let found: f64 = digits.parse().unwrap();
                prop_assert!((found - expected).abs() < 1e-9, "{} gave {}, not {}", model.text(), found, expected);
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[-a-z0-9 .,()+*/%<>=!&|\"'`\\\\é]{0,40}") {
        let _ = value_in::<Nebula>(&text, &RECORD);
    }
}
