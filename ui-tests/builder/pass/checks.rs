//! A check is any function of the complete value, of the type or not, or a closure; its error is any type.
use nebula_memory::{AllocError, AllocatorKind, Builder};

#[derive(Builder)]
#[builder(check = Self::check)]
struct WithOurError {
    size: usize,
}
impl WithOurError {
    fn check(&self) -> Result<(), AllocError> {
        match self.size.checked_mul(8) {
            Some(_) => Ok(()),
            None => Err(AllocError::capacity_overflow(AllocatorKind::Custom)),
        }
    }
}

#[derive(Builder)]
#[builder(check = rules::check, error = rules::Wrong<'static>)]
struct ByFunction {
    a: u8,
    #[builder(default = 2)]
    b: u8,
}
mod rules {
    #[derive(Debug, PartialEq)]
    pub struct Wrong<'a>(pub &'a str);

    pub fn check(value: &super::ByFunction) -> Result<(), Wrong<'static>> {
        if value.a < value.b { Ok(()) } else { Err(Wrong("a is not below b")) }
    }
}

#[derive(Builder)]
#[builder(check = |value| if value.a == 0 { Err("zero".into()) } else { Ok(()) }, error = Box<dyn std::error::Error + Send + Sync>)]
struct ByClosure {
    a: u8,
}

trait Check {
    type Error;
    fn check(&self) -> Result<(), Self::Error>;
}
#[derive(Builder)]
#[builder(check = <Self as Check>::check, error = <Self as Check>::Error)]
struct ByTrait<'a, T: PartialOrd> {
    low: &'a T,
    high: &'a T,
}
impl<'a, T: PartialOrd> Check for ByTrait<'a, T> {
    type Error = (&'a T, &'a T);
    fn check(&self) -> Result<(), Self::Error> {
        if self.low <= self.high { Ok(()) } else { Err((self.low, self.high)) }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    assert_eq!(WithOurError::builder().size(1).build()?.size, 1);
    assert!(WithOurError::builder().size(usize::MAX).build().is_err());

    assert_eq!(ByFunction::builder().a(1).build().unwrap().b, 2);
    assert_eq!(ByFunction::builder().a(1).b(1).build().err(), Some(rules::Wrong("a is not below b")));

    assert_eq!(ByClosure::builder().a(1).build()?.a, 1);
    assert_eq!(ByClosure::builder().a(0).build().err().unwrap().to_string(), "zero");

    let (low, high) = (1, 2);
    assert!(ByTrait::builder().low(&low).high(&high).build().is_ok());
    assert_eq!(ByTrait::builder().low(&high).high(&low).build().err(), Some((&2, &1)));
    Ok(())
}
