//! A random struct and the program that builds it.

use std::fmt::Write;

use crate::field::{Field, NAMES, When};
use crate::random::Random;

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Named,
    Tuple,
    Unit,
}

/// Where values are built.
#[derive(Clone, Copy)]
enum Place {
    Plain,
    Pool,
    Own,
}

pub(crate) struct Item {
    index: u64,
    pooled: bool,
    shape: Shape,
    fields: Vec<Field>,
    /// There is a static pool.
    own_pool: bool,
    hooks: bool,
    start: &'static str,
    keys: Vec<String>,
}

impl Item {
    pub(crate) fn random(random: &mut Random, index: u64) -> Self {
        let pooled = !random.one_in(3);
        let shape = *random.pick(&[Shape::Named, Shape::Named, Shape::Named, Shape::Tuple, Shape::Unit]);
        // Now and then more required fields than one group of the state has.
        let most = if random.one_in(4) { 20 } else { 8 };
        let count = if shape == Shape::Unit { 0 } else { random.below(most) };
        let mut names = NAMES.to_vec();
        random.shuffle(&mut names);
        let name = |index: usize| (shape == Shape::Named).then_some(names[index]);
        let fields: Vec<_> = (0..count).map(|index| Field::random(random, index, name(index))).collect();
        let mut item = Self {
            index,
            pooled,
            shape,
            fields,
            own_pool: false,
            hooks: false,
            start: "builder",
            keys: Vec::new(),
        };
        let generic = item.generics() != "";
        if pooled && !generic && random.one_in(2) {
            item.own_pool = true;
            item.keys.push("capacity = 1 + 1".into());
            if random.one_in(2) {
                item.keys.push("align = 64".into());
            }
            if random.one_in(2) {
                item.keys.push("max_bytes = 1 << 20".into());
            }
            if random.one_in(2) {
                item.keys.push("on_exhausted = heap".into());
            }
        }
        if pooled && random.one_in(2) {
            item.hooks = true;
            item.keys.push("on_acquire = acquired".into());
            item.keys.push("on_release = released::<Self>".into());
        }
        if !pooled && random.one_in(2) {
            item.keys.push("check = |_| Ok::<(), String>(()), error = String".into());
        }
        if random.one_in(3) {
            item.start = "begin";
            item.keys.push("start = begin".into());
        }
        if random.one_in(3) {
            item.keys.push("builder = r#Chain".into());
        }
        if random.one_in(4) {
            item.keys.push("vis = pub(crate)".into());
        }
        random.shuffle(&mut item.keys);
        item
    }

    fn uses(&self, what: &str) -> bool {
        self.fields.iter().any(|field| field.ty.name.contains(what))
    }

    /// The parameters and the arguments of the concrete type.
    fn generics(&self) -> &'static str {
        match (self.uses("'a"), self.uses("T"), self.uses("N]")) {
            (false, false, false) => "",
            (true, false, false) => "<'a>|<'static>",
            (false, true, false) => "<T: Clone + Default>|<u32>",
            (false, false, true) => "<const N: usize>|<4>",
            (true, true, false) => "<'a, T: Clone + Default + 'a = u8>|<'static, u32>",
            (true, false, true) => "<'a, const N: usize = 4>|<'static>",
            (false, true, true) => "<T, const N: usize>|<u32, 4>|where T: Clone + Default",
            (true, true, true) => {
                "<'a, T, const N: usize = 4>|<'static, u32, 4>|where T: Clone + Default + 'a"
            }
        }
    }

    fn declaration(&self, random: &mut Random) -> String {
        let (derive, attribute) = if self.pooled { ("Pooled", "pooled") } else { ("Builder", "builder") };
        let mut generics = self.generics().split('|');
        let parameters = generics.next().unwrap_or_default();
        let arguments = generics.next().unwrap_or_default();
        let predicates = generics.next().unwrap_or_default();
        let keys = if self.keys.is_empty() {
            String::new()
        } else {
            format!("    #[{attribute}({})]\n", self.keys.join(", "))
        };
        let named = self.shape == Shape::Named;
        let fields: String =
            self.fields.iter().map(|field| field.declaration(random, attribute, named)).collect();
        let body = match self.shape {
            Shape::Named => format!("{predicates} {{\n{fields}    }}"),
            Shape::Tuple => format!("(\n{fields}    ) {predicates};"),
            Shape::Unit => ";".into(),
        };
        format!(
            "    #[derive(Debug, PartialEq, {derive})]\n{keys}    pub struct Item{parameters} {body}\n    \
             pub type Concrete = Item{arguments};\n"
        )
    }

    pub(crate) fn code(&self, random: &mut Random) -> String {
        let mut code =
            format!("\nmod m{} {{\n    use super::*;\n\n{}\n", self.index, self.declaration(random));
        code.push_str("    pub fn run() {\n");
        if self.pooled {
            code.push_str("        let pool = FixedPool::<Concrete, 2>::new();\n");
        }
        let places: &[Place] = match (self.pooled, self.own_pool) {
            (false, _) => &[Place::Plain],
            (true, false) => &[Place::Plain, Place::Pool],
            (true, true) => &[Place::Plain, Place::Pool, Place::Own],
        };
        for place in places {
            self.finished(random, *place, &mut code);
            self.abandoned(random, *place, &mut code);
        }
        code.push_str("    }\n}\n");
        code
    }

    fn start(&self, place: Place) -> String {
        match place {
            Place::Plain => format!("Concrete::{}()", self.start),
            Place::Pool => "Concrete::build_in(&pool).unwrap()".into(),
            Place::Own => "Concrete::acquire().unwrap()".into(),
        }
    }

    /// Setters in a random order, and which number each field has at the end.
    fn setters(&self, random: &mut Random, required: bool) -> (Vec<(String, usize)>, Vec<Option<usize>>) {
        let mut calls = Vec::new();
        for (index, field) in self.fields.iter().enumerate() {
            let times = match field.when {
                When::Required => usize::from(required || !random.one_in(3)),
                When::Optional => random.below(3),
                When::Skipped => 0,
            };
            for _ in 0..times {
                calls.push((index, random.below(100)));
            }
        }
        random.shuffle(&mut calls);
        let mut last = vec![None; self.fields.len()];
        let calls = calls.into_iter().map(|(index, n)| {
            last[index] = Some(n);
            let field = &self.fields[index];
            let in_place = self.pooled && field.in_place && random.one_in(2);
            // The type of a number is told by the field, not by an argument of any type.
            let call = if in_place {
                let name = field.setter.trim_start_matches("r#");
                format!(".{name}_with(|slot| slot.write({}))", field.value(n))
            } else {
                format!(".{}({})", field.setter, field.argument(n))
            };
            (call, index)
        });
        (calls.collect(), last)
    }

    fn finished(&self, random: &mut Random, place: Place, code: &mut String) {
        let (calls, last) = self.setters(random, true);
        let calls: String = calls.into_iter().map(|(call, _)| call).collect();
        let end = match (place, self.pooled) {
            (Place::Plain, false) if self.keys.iter().any(|key| key.starts_with("check")) => {
                ".build().unwrap()"
            }
            (Place::Plain, _) => ".build()",
            _ => ".finish()",
        };
        let values = self.fields.iter().zip(last).map(|(field, last)| {
            let value = last.map_or_else(|| field.otherwise.clone(), |n| field.value(n));
            format!("{}: {value}, ", field.name)
        });
        let values: String = values.collect();
        let value = if matches!(place, Place::Plain) { "value" } else { "*value" };
        let hooks = u32::from(self.hooks && !matches!(place, Place::Plain));
        writeln!(
            code,
            "        {{\n            HOOKS.set((0, 0));\n            let expected: Concrete = Item {{ {values}}};\n            \
             let value = {}{calls}{end};\n            assert_eq!({value}, expected);\n            \
             assert_eq!(HOOKS.get(), ({hooks}, 0));\n            drop(value);\n            \
             assert_eq!(HOOKS.get(), ({hooks}, {hooks}));\n        }}",
            self.start(place)
        )
        .expect("writing to a string");
        Self::nothing_left(place, code);
    }

    /// A builder that is dropped, and one whose next value panics.
    fn abandoned(&self, random: &mut Random, place: Place, code: &mut String) {
        let (calls, _) = self.setters(random, false);
        let kept = random.below(calls.len() + 1);
        let before: String = calls[..kept].iter().map(|(call, _)| call.as_str()).collect();
        let start = self.start(place);
        writeln!(code, "        HOOKS.set((0, 0));\n        drop({start}{before});")
            .expect("writing to a string");
        Self::nothing_left(place, code);
        if let Some((_, index)) = calls.get(kept) {
            let field = &self.fields[*index];
            let value = field.panicking_argument();
            writeln!(
                code,
                "        let built = catch_unwind(AssertUnwindSafe(|| drop({start}{before}.{}({value}))));\n        \
                 assert!(built.is_err());",
                field.setter
            )
            .expect("writing to a string");
            Self::nothing_left(place, code);
        }
        code.push_str("        assert_eq!(HOOKS.get(), (0, 0));\n");
    }

    fn nothing_left(place: Place, code: &mut String) {
        code.push_str("        assert_eq!(ALIVE.get(), 0);\n");
        match place {
            Place::Plain => {}
            Place::Pool => code.push_str("        assert_eq!(pool.in_use(), 0);\n"),
            Place::Own => code.push_str("        assert_eq!(Concrete::pool().in_use(), 0);\n"),
        }
    }
}
