//! A random field: its type, its attributes, and values for it.

use std::fmt::Write;

use crate::random::Random;

/// The types of fields, each with what the rest needs to know of it.
pub(crate) struct Ty {
    /// How it is written.
    pub(crate) name: &'static str,
    /// A value for `#`, a number.
    value: &'static str,
    /// The same as what `into` turns into it; empty if there is nothing.
    into: &'static str,
    /// Its default, where it has one.
    default: &'static str,
    /// The type is an `Option`, of `inner` values.
    option: bool,
    /// There is a setter that works in place.
    in_place: bool,
}

const fn ty(name: &'static str, value: &'static str, into: &'static str, default: &'static str) -> Ty {
    Ty { name, value, into, default, option: false, in_place: false }
}

const TYPES: &[Ty] = &[
    ty("u8", "#", "", "0"),
    ty("u64", "#", "#_u8", "0"),
    ty("String", "\"s#\".to_string()", "\"s#\"", "String::new()"),
    ty("Vec<u16>", "vec![#, 1]", "[#_u16, 1]", "Vec::new()"),
    ty("Box<u32>", "Box::new(#)", "#_u32", "Box::new(0)"),
    ty("()", "()", "", "()"),
    ty("&'a str", "\"t#\"", "", "\"\""),
    ty("Vec<Noisy>", "vec![noisy(#), noisy(1)]", "[noisy(#), noisy(1)]", "Vec::new()"),
    ty("&'a [Option<u8>]", "&[Some(#), None]", "", "&[]"),
    ty("std::marker::PhantomData<fn(u8)>", "std::marker::PhantomData", "", "std::marker::PhantomData"),
    Ty { in_place: true, ..ty("Noisy", "noisy(#)", "", "noisy(99)") },
    Ty { in_place: true, ..ty("[u8; 3]", "[#; 3]", "", "[0; 3]") },
    Ty { in_place: true, ..ty("[Noisy; 2]", "[noisy(#), noisy(2)]", "", "[noisy(99), noisy(99)]") },
    Ty { in_place: true, ..ty("(u8, String)", "(#, \"x\".into())", "", "(0, String::new())") },
    Ty { in_place: true, ..ty("[u8; N]", "[#; 4]", "", "") },
    Ty { in_place: true, ..ty("T", "#_u32", "#_u8", "0") },
    Ty { in_place: true, ..ty("[Vec<T>; 1]", "[vec![#]]", "", "[vec![]]") },
    Ty { option: true, ..ty("Option<u32>", "#", "#_u8", "None") },
    Ty { option: true, ..ty("Option<Noisy>", "noisy(#)", "", "None") },
    Ty { option: true, ..ty("::core::option::Option<T>", "#", "#_u16", "None") },
    Ty { option: true, ..ty("std::option::Option<Box<[T; N]>>", "Box::new([#; 4])", "[#; 4]", "None") },
];

/// Names that a macro could trip over.
pub(crate) const NAMES: &[&str] = &[
    "value", "self_", "pool", "slot", "raw", "state", "ptr", "mask", "partial", "place", "r#type", "r#fn",
    "r#match", "P", "G0", "S0", "H", "T", "N", "F", "Obj", "__nebula", "__value", "__fields", "__pool", "f",
    "item", "init", "make", "error", "acquire", "builder", "core", "std", "u8", "Option", "String", "Self_",
    "_unused", "__0", "with", "drop",
];

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum When {
    Required,
    Optional,
    Skipped,
}

pub(crate) struct Field {
    /// The name, or the index.
    pub(crate) name: String,
    pub(crate) setter: String,
    pub(crate) ty: &'static Ty,
    pub(crate) when: When,
    into: bool,
    /// The setter takes the value without its `Some`.
    wraps: bool,
    /// What it is if it is not set.
    pub(crate) otherwise: String,
    keys: Vec<String>,
    pub(crate) in_place: bool,
}

impl Field {
    /// The field number `index`, with a name if it has one.
    pub(crate) fn random(random: &mut Random, index: usize, name: Option<&str>) -> Self {
        let ty = random.pick(TYPES);
        let mut setter = name.map_or_else(|| format!("_{index}"), str::to_owned);
        let name = name.map_or_else(|| index.to_string(), str::to_owned);
        let generic = ty.name.contains('T') || ty.name.contains("N]");
        let mut keys = Vec::new();
        let mut when = if ty.option { When::Optional } else { When::Required };
        let mut otherwise = ty.default.to_owned();
        let mut wraps = ty.option;
        // With an expression the value of an `Option` has its `Some`.
        let given = |n: &str| match (ty.option, ty.value.replace('#', n)) {
            (true, value) => format!("Some({value})"),
            (false, value) => value,
        };
        match random.below(7) {
            0 if !ty.default.is_empty() => {
                keys.push("default".into());
                when = When::Optional;
            }
            1 if !generic => {
                otherwise = given("5");
                keys.push(format!("default = {otherwise}"));
                when = When::Optional;
            }
            2 if !ty.default.is_empty() => {
                keys.push("skip".into());
                when = When::Skipped;
            }
            3 if !generic => {
                otherwise = given("6");
                keys.push(format!("skip = {{ let x = {otherwise}; x }}"));
                when = When::Skipped;
            }
            4 if ty.option => {
                keys.push("required".into());
                (when, wraps) = (When::Required, false);
            }
            _ => {}
        }
        let into = when != When::Skipped && !ty.into.is_empty() && (wraps || !ty.option) && random.one_in(3);
        if into {
            keys.push("into".into());
        }
        if when != When::Skipped && random.one_in(6) {
            setter = format!("set{index}");
            keys.push(format!("rename = {setter}"));
        }
        random.shuffle(&mut keys);
        Self { name, setter, ty, when, into, wraps, otherwise, keys, in_place: ty.in_place && !ty.option }
    }

    /// The field in the declaration; `derive` is the name of the attribute.
    pub(crate) fn declaration(&self, random: &mut Random, derive: &str, named: bool) -> String {
        let mut attributes = String::new();
        if !self.keys.is_empty() {
            if random.one_in(2) {
                attributes = format!("#[{derive}({})] ", self.keys.join(", "));
            } else {
                for key in &self.keys {
                    write!(attributes, "#[{derive}({key})] ").expect("writing to a string");
                }
            }
        }
        let name = if named { format!("{}: ", self.name) } else { String::new() };
        format!("        {attributes}{name}{},\n", self.ty.name)
    }

    /// The number `n` as a value of the field.
    pub(crate) fn value(&self, n: usize) -> String {
        let value = self.ty.value.replace('#', &n.to_string());
        if self.ty.option { format!("Some({value})") } else { value }
    }

    /// The same as the setter takes it.
    pub(crate) fn argument(&self, n: usize) -> String {
        let n = &n.to_string();
        match (self.into, self.wraps) {
            (true, _) => self.ty.into.replace('#', n),
            (false, false) if self.ty.option => format!("Some({})", self.ty.value.replace('#', n)),
            (false, _) => self.ty.value.replace('#', n),
        }
    }

    /// A value that panics, for the setter.
    pub(crate) fn panicking_argument(&self) -> String {
        // Of what is converted the type would not be known.
        if self.into { format!("{{ fails::<()>(); {} }}", self.argument(0)) } else { "fails()".into() }
    }
}
