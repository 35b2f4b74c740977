//! Fields of all kinds of types.
use nebula_memory::Pooled;
use std::cell::Cell;
use std::fmt::Debug;

#[repr(align(64))]
#[derive(Debug, PartialEq)]
struct Aligned(u8);

#[derive(Pooled)]
struct Types<'a, F: Fn() -> u8> {
    reference: &'a str,
    unique: &'a mut u8,
    function: fn(u8) -> u8,
    object: Box<dyn Debug + 'a>,
    by_ref: &'a dyn Debug,
    tuple: (u8, &'a str),
    none: [String; 0],
    raw: *const u8,
    closure: F,
    unit: (),
    aligned: Aligned,
    cell: Cell<u8>,
    nested: Option<Option<u8>>,
    callback: Option<Box<dyn FnOnce(u8) -> u8 + Send>>,
    higher: for<'b> fn(&'b str) -> &'b str,
}

fn main() {
    let mut unique = 1;
    let types = Types::builder()
        .reference("a")
        .unique(&mut unique)
        .function(|x| x + 1)
        .object(Box::new(1))
        .by_ref(&2)
        .tuple((1, "x"))
        .none([])
        .raw(std::ptr::null())
        .closure(|| 7)
        .unit(())
        .aligned(Aligned(3))
        .cell(Cell::new(1))
        .nested(None)
        .callback(Box::new(|x| x))
        .higher(|x| x)
        .build();
    *types.unique += (types.function)(1) + (types.closure)();
    assert_eq!((&types.nested, &types.aligned, *types.unique), (&Some(None), &Aligned(3), 10));
    println!("{:?}", (types.reference, types.object, types.by_ref, types.tuple, types.none, types.raw, types.cell));
    println!("{}", (types.higher)("x").len() + types.callback.is_some() as usize);
    types.unit
}
