//! As many fields as there can be.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Most {
    f0: String,
    f1: u64,
    f2: u64,
    f3: String,
    f4: u64,
    f5: u64,
    f6: String,
    f7: u64,
    f8: u64,
    f9: String,
    f10: u64,
    f11: u64,
    f12: String,
    f13: u64,
    f14: u64,
    f15: String,
    f16: u64,
    f17: u64,
    f18: String,
    f19: u64,
    f20: u64,
    f21: String,
    f22: u64,
    f23: u64,
    f24: String,
    f25: u64,
    f26: u64,
    f27: String,
    f28: u64,
    f29: u64,
    f30: String,
    f31: u64,
    f32: u64,
    f33: String,
    f34: u64,
    f35: u64,
    f36: String,
    f37: u64,
    f38: u64,
    f39: String,
    f40: u64,
    f41: u64,
    f42: String,
    f43: u64,
    f44: u64,
    f45: String,
    f46: u64,
    f47: u64,
    f48: String,
    f49: u64,
    f50: u64,
    f51: String,
    f52: u64,
    f53: u64,
    f54: String,
    f55: u64,
    f56: u64,
    f57: String,
    f58: u64,
    f59: u64,
    f60: String,
    f61: u64,
    f62: u64,
    f63: String,
}

fn main() {
    let most = Most::acquire()
        .unwrap()
        .f63(String::from("63"))
        .f62(62)
        .f61(61)
        .f60(String::from("60"))
        .f59(59)
        .f58(58)
        .f57(String::from("57"))
        .f56(56)
        .f55(55)
        .f54(String::from("54"))
        .f53(53)
        .f52(52)
        .f51(String::from("51"))
        .f50(50)
        .f49(49)
        .f48(String::from("48"))
        .f47(47)
        .f46(46)
        .f45(String::from("45"))
        .f44(44)
        .f43(43)
        .f42(String::from("42"))
        .f41(41)
        .f40(40)
        .f39(String::from("39"))
        .f38(38)
        .f37(37)
        .f36(String::from("36"))
        .f35(35)
        .f34(34)
        .f33(String::from("33"))
        .f32(32)
        .f31(31)
        .f30(String::from("30"))
        .f29(29)
        .f28(28)
        .f27(String::from("27"))
        .f26(26)
        .f25(25)
        .f24(String::from("24"))
        .f23(23)
        .f22(22)
        .f21(String::from("21"))
        .f20(20)
        .f19(19)
        .f18(String::from("18"))
        .f17(17)
        .f16(16)
        .f15(String::from("15"))
        .f14(14)
        .f13(13)
        .f12(String::from("12"))
        .f11(11)
        .f10(10)
        .f9(String::from("9"))
        .f8(8)
        .f7(7)
        .f6(String::from("6"))
        .f5(5)
        .f4(4)
        .f3(String::from("3"))
        .f2(2)
        .f1(1)
        .f0(String::from("0"))
        .finish();
    assert_eq!((most.f1, most.f62, &*most.f63, &*most.f0), (1, 62, "63", "0"));
}
