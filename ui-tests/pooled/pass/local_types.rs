//! Types declared in a function, with fields of such types.
fn main() {
    #[derive(Clone, Copy, PartialEq, Debug)]
    struct Point(u32);
    const START: u32 = 5;

    #[derive(nebula_memory::Pooled)]
    #[pooled(capacity = 2)]
    struct Local {
        point: Point,
        other: Option<Point>,
        #[pooled(default = START)]
        start: u32,
    }
    let local = Local::acquire().unwrap().point(Point(1)).finish();
    assert_eq!((local.point, local.other, local.start), (Point(1), None, 5));
}
