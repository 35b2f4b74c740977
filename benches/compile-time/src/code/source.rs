//! Compiled by `compile-time`; see there.
#![allow(missing_docs)]

use std::mem::MaybeUninit;

use nebula_memory::{Pooled, PoolBox, LocalFixedPool};

pub type Part = [u64; 16];
pub type Pool = LocalFixedPool<Page, 4>;

#[derive(Pooled)]
pub struct Page {
    pub f0: Part,
    pub f1: Part,
    pub f2: Part,
    pub f3: Part,
    pub f4: Part,
    pub f5: Part,
    pub f6: Part,
    pub f7: Part,
    pub f8: Part,
    pub f9: Part,
    pub f10: Part,
    pub f11: Part,
    pub f12: Part,
    pub f13: Part,
    pub f14: Part,
    pub f15: Part,
    pub f16: Part,
    pub f17: Part,
    pub f18: Part,
    pub f19: Part,
    pub f20: Part,
    pub f21: Part,
    pub f22: Part,
    pub f23: Part,
    pub f24: Part,
    pub f25: Part,
    pub f26: Part,
    pub f27: Part,
    pub f28: Part,
    pub f29: Part,
    pub f30: Part,
    pub f31: Part,
}

/// A value from elsewhere, which may panic.
#[inline(never)]
pub fn part(seed: u64) -> Part {
    assert!(std::hint::black_box(seed) < 1000);
    std::array::from_fn(|i| seed + i as u64)
}

#[unsafe(no_mangle)]
pub fn known_by_hand(pool: &Pool) -> Option<PoolBox<Page, &Pool>> {
    let mut slot = pool.acquire().ok()?;
    let page = slot.as_mut_ptr();
    unsafe {
        (&raw mut (*page).f0).write([0; 16]);
        (&raw mut (*page).f1).write([1; 16]);
        (&raw mut (*page).f2).write([2; 16]);
        (&raw mut (*page).f3).write([3; 16]);
        (&raw mut (*page).f4).write([4; 16]);
        (&raw mut (*page).f5).write([5; 16]);
        (&raw mut (*page).f6).write([6; 16]);
        (&raw mut (*page).f7).write([7; 16]);
        (&raw mut (*page).f8).write([8; 16]);
        (&raw mut (*page).f9).write([9; 16]);
        (&raw mut (*page).f10).write([10; 16]);
        (&raw mut (*page).f11).write([11; 16]);
        (&raw mut (*page).f12).write([12; 16]);
        (&raw mut (*page).f13).write([13; 16]);
        (&raw mut (*page).f14).write([14; 16]);
        (&raw mut (*page).f15).write([15; 16]);
        (&raw mut (*page).f16).write([16; 16]);
        (&raw mut (*page).f17).write([17; 16]);
        (&raw mut (*page).f18).write([18; 16]);
        (&raw mut (*page).f19).write([19; 16]);
        (&raw mut (*page).f20).write([20; 16]);
        (&raw mut (*page).f21).write([21; 16]);
        (&raw mut (*page).f22).write([22; 16]);
        (&raw mut (*page).f23).write([23; 16]);
        (&raw mut (*page).f24).write([24; 16]);
        (&raw mut (*page).f25).write([25; 16]);
        (&raw mut (*page).f26).write([26; 16]);
        (&raw mut (*page).f27).write([27; 16]);
        (&raw mut (*page).f28).write([28; 16]);
        (&raw mut (*page).f29).write([29; 16]);
        (&raw mut (*page).f30).write([30; 16]);
        (&raw mut (*page).f31).write([31; 16]);
        Some(slot.assume_init())
    }
}

#[unsafe(no_mangle)]
pub fn known_by_builder(pool: &Pool) -> Option<PoolBox<Page, &Pool>> {
    let page = Page::build_in(pool).ok()?;
    Some(page.f0([0; 16]).f1([1; 16]).f2([2; 16]).f3([3; 16]).f4([4; 16]).f5([5; 16]).f6([6; 16]).f7([7; 16]).f8([8; 16]).f9([9; 16]).f10([10; 16]).f11([11; 16]).f12([12; 16]).f13([13; 16]).f14([14; 16]).f15([15; 16]).f16([16; 16]).f17([17; 16]).f18([18; 16]).f19([19; 16]).f20([20; 16]).f21([21; 16]).f22([22; 16]).f23([23; 16]).f24([24; 16]).f25([25; 16]).f26([26; 16]).f27([27; 16]).f28([28; 16]).f29([29; 16]).f30([30; 16]).f31([31; 16]).finish())
}

#[unsafe(no_mangle)]
pub fn panicking_by_hand(pool: &Pool) -> Option<PoolBox<Page, &Pool>> {
    let mut slot = pool.acquire().ok()?;
    let page = slot.as_mut_ptr();
    unsafe {
        (&raw mut (*page).f0).write(part(0));
        (&raw mut (*page).f1).write(part(1));
        (&raw mut (*page).f2).write(part(2));
        (&raw mut (*page).f3).write(part(3));
        (&raw mut (*page).f4).write(part(4));
        (&raw mut (*page).f5).write(part(5));
        (&raw mut (*page).f6).write(part(6));
        (&raw mut (*page).f7).write(part(7));
        (&raw mut (*page).f8).write(part(8));
        (&raw mut (*page).f9).write(part(9));
        (&raw mut (*page).f10).write(part(10));
        (&raw mut (*page).f11).write(part(11));
        (&raw mut (*page).f12).write(part(12));
        (&raw mut (*page).f13).write(part(13));
        (&raw mut (*page).f14).write(part(14));
        (&raw mut (*page).f15).write(part(15));
        (&raw mut (*page).f16).write(part(16));
        (&raw mut (*page).f17).write(part(17));
        (&raw mut (*page).f18).write(part(18));
        (&raw mut (*page).f19).write(part(19));
        (&raw mut (*page).f20).write(part(20));
        (&raw mut (*page).f21).write(part(21));
        (&raw mut (*page).f22).write(part(22));
        (&raw mut (*page).f23).write(part(23));
        (&raw mut (*page).f24).write(part(24));
        (&raw mut (*page).f25).write(part(25));
        (&raw mut (*page).f26).write(part(26));
        (&raw mut (*page).f27).write(part(27));
        (&raw mut (*page).f28).write(part(28));
        (&raw mut (*page).f29).write(part(29));
        (&raw mut (*page).f30).write(part(30));
        (&raw mut (*page).f31).write(part(31));
        Some(slot.assume_init())
    }
}

#[unsafe(no_mangle)]
pub fn panicking_by_builder(pool: &Pool) -> Option<PoolBox<Page, &Pool>> {
    let page = Page::build_in(pool).ok()?;
    Some(page.f0(part(0)).f1(part(1)).f2(part(2)).f3(part(3)).f4(part(4)).f5(part(5)).f6(part(6)).f7(part(7)).f8(part(8)).f9(part(9)).f10(part(10)).f11(part(11)).f12(part(12)).f13(part(13)).f14(part(14)).f15(part(15)).f16(part(16)).f17(part(17)).f18(part(18)).f19(part(19)).f20(part(20)).f21(part(21)).f22(part(22)).f23(part(23)).f24(part(24)).f25(part(25)).f26(part(26)).f27(part(27)).f28(part(28)).f29(part(29)).f30(part(30)).f31(part(31)).finish())
}

#[unsafe(no_mangle)]
pub fn panicking_by_literal(place: &mut MaybeUninit<Page>) {
    place.write(Page {
        f0: part(0),
        f1: part(1),
        f2: part(2),
        f3: part(3),
        f4: part(4),
        f5: part(5),
        f6: part(6),
        f7: part(7),
        f8: part(8),
        f9: part(9),
        f10: part(10),
        f11: part(11),
        f12: part(12),
        f13: part(13),
        f14: part(14),
        f15: part(15),
        f16: part(16),
        f17: part(17),
        f18: part(18),
        f19: part(19),
        f20: part(20),
        f21: part(21),
        f22: part(22),
        f23: part(23),
        f24: part(24),
        f25: part(25),
        f26: part(26),
        f27: part(27),
        f28: part(28),
        f29: part(29),
        f30: part(30),
        f31: part(31),
    });
}
