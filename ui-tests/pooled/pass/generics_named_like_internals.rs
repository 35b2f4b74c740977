//! Parameters with the names a derive would choose.
use nebula_memory::Pooled;

pub struct S0;
pub struct G0;

#[derive(Pooled)]
pub struct Names<'slot, S, State, T, P, F, N, H, Obj, const G1: usize, const S1: usize> {
    pub s: S,
    pub state: State,
    pub t: T,
    pub p: P,
    pub f: F,
    pub n: N,
    pub h: H,
    pub obj: Obj,
    pub slot: &'slot str,
    pub g0: [G0; G1],
    pub s0: [S0; S1],
}

fn main() {
    let names = Names::builder()
        .s(1)
        .state(2)
        .t(3)
        .p(4)
        .f(5)
        .n(6)
        .h(7)
        .obj(8)
        .slot("slot")
        .g0([G0])
        .s0([S0, S0])
        .build();
    assert_eq!(names.s + names.state + names.t + names.p + names.f + names.n + names.h + names.obj, 36);
    assert_eq!((names.slot, names.g0.len(), names.s0.len()), ("slot", 1, 2));
}
