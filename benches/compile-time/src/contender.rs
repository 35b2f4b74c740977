//! Who is compared, on which structs.

use std::fmt::Write as _;

/// A way to get a builder.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// Its line in a manifest.
    pub(crate) dependency: &'static str,
    /// What stands before a struct.
    derive: &'static str,
    /// What stands before a field of a type of [`TYPES`].
    attribute: fn(ty: usize) -> &'static str,
    /// A function that makes the struct of this number, all fields set.
    call: fn(number: usize, fields: usize) -> String,
}

/// Structs in one file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shape {
    pub(crate) structs: usize,
    pub(crate) fields: usize,
}

pub(crate) const SHAPES: [Shape; 5] = [
    Shape { structs: 1, fields: 10 },
    Shape { structs: 1, fields: 30 },
    Shape { structs: 1, fields: 60 },
    Shape { structs: 100, fields: 10 },
    Shape { structs: 10, fields: 50 },
];

/// Types of fields, in turn, with a value: four that are required, one that may be left out, one with a default.
const TYPES: [(&str, &str); 6] = [
    ("u32", "7"),
    ("String", "String::new()"),
    ("Option<u64>", "9"),
    ("Vec<u8>", "Vec::new()"),
    ("f64", "0.5"),
    ("bool", "true"),
];
const OPTIONAL: usize = 2;
const DEFAULTED: usize = 5;

pub(crate) const PLAIN: &str = "plain struct";
pub(crate) const POOLED: &str = "nebula Pooled";

pub(crate) const CONTENDERS: &[Contender] = &[
    Contender {
        name: PLAIN,
        dependency: "",
        derive: "",
        attribute: |_| "",
        call: |number, fields| {
            let mut body = String::new();
            for field in 0..fields {
                let value = match TYPES[field % 6] {
                    (_, value) if field % 6 == OPTIONAL => format!("Some({value})"),
                    (_, value) => value.to_owned(),
                };
                write!(body, "f{field}: {value}, ").unwrap();
            }
            format!("pub fn make{number}() -> T{number} {{ T{number} {{ {body} }} }}\n")
        },
    },
    Contender {
        name: POOLED,
        dependency: "nebula-memory = { path = \"NEBULA\" }",
        derive: "#[derive(nebula_memory::Pooled)]",
        attribute: |ty| if ty == DEFAULTED { "#[pooled(default)] " } else { "" },
        call: |number, fields| {
            format!(
                "type Pool{number} = nebula_memory::LocalFixedPool<T{number}, 4>;\n\
                 pub fn make{number}(pool: &Pool{number}) -> nebula_memory::PoolBox<T{number}, &Pool{number}> {{\n\
                 T{number}::build_in(pool).unwrap(){}.finish()\n}}\n",
                setters(fields)
            )
        },
    },
    Contender {
        name: "nebula Builder",
        dependency: "nebula-memory = { path = \"NEBULA\" }",
        derive: "#[derive(nebula_memory::Builder)]",
        attribute: |ty| if ty == DEFAULTED { "#[builder(default)] " } else { "" },
        call: |number, fields| {
            format!(
                "pub fn make{number}() -> T{number} {{ T{number}::builder(){}.build() }}\n",
                setters(fields)
            )
        },
    },
    Contender {
        name: "bon",
        dependency: "bon = \"=3.10.3\"",
        derive: "#[derive(bon::Builder)]",
        attribute: |ty| if ty == DEFAULTED { "#[builder(default)] " } else { "" },
        call: |number, fields| {
            format!(
                "pub fn make{number}() -> T{number} {{ T{number}::builder(){}.build() }}\n",
                setters(fields)
            )
        },
    },
    Contender {
        name: "typed-builder",
        dependency: "typed-builder = \"=0.23.2\"",
        derive: "#[derive(typed_builder::TypedBuilder)]",
        attribute: |ty| match ty {
            OPTIONAL => "#[builder(default, setter(strip_option))] ",
            DEFAULTED => "#[builder(default)] ",
            _ => "",
        },
        call: |number, fields| {
            format!(
                "pub fn make{number}() -> T{number} {{ T{number}::builder(){}.build() }}\n",
                setters(fields)
            )
        },
    },
    Contender {
        name: "derive_builder",
        dependency: "derive_builder = \"=0.20.2\"",
        derive: "#[derive(derive_builder::Builder)]\n#[builder(pattern = \"owned\")]",
        attribute: |ty| match ty {
            OPTIONAL => "#[builder(default, setter(strip_option))] ",
            DEFAULTED => "#[builder(default)] ",
            _ => "",
        },
        call: |number, fields| {
            format!(
                "pub fn make{number}() -> T{number} {{ T{number}Builder::default(){}.build().ok().unwrap() }}\n",
                setters(fields)
            )
        },
    },
];

fn setters(fields: usize) -> String {
    (0..fields).fold(String::new(), |mut chain, field| {
        write!(chain, "\n    .f{field}({})", TYPES[field % 6].1).unwrap();
        chain
    })
}

impl Contender {
    /// The file of a package. `edit` is what an unrelated function returns.
    pub(crate) fn source(&self, shape: Shape, edit: u32) -> String {
        let mut source = String::new();
        for number in 0..shape.structs {
            writeln!(source, "{}\npub struct T{number} {{", self.derive).unwrap();
            for field in 0..shape.fields {
                let ty = field % 6;
                writeln!(source, "    {}pub f{field}: {},", (self.attribute)(ty), TYPES[ty].0).unwrap();
            }
            source.push_str("}\n");
            source.push_str(&(self.call)(number, shape.fields));
        }
        writeln!(source, "pub fn unrelated() -> u32 {{ let x = {edit}; x + 1 }}").unwrap();
        source
    }

    pub(crate) fn package(&self, shape: Shape) -> String {
        let letters = |part: char| if part.is_ascii_alphanumeric() { part } else { '-' };
        let name: String = self.name.chars().map(letters).collect();
        format!("{}-{}x{}", name.trim_end_matches('-'), shape.structs, shape.fields)
    }
}
