//! What the numbers in `#[pooled(…)]` must be, for those that only the compiler can compute.

/// The capacity of a static pool.
///
/// # Panics
/// If it is zero, while compiling.
#[must_use]
pub const fn capacity(capacity: usize) -> usize {
    assert!(capacity > 0, "a pool with a `capacity` of zero can hold nothing: it must be at least 1");
    capacity
}

/// The alignment of the slots of a static pool.
///
/// # Panics
/// If it is not a power of two or too large, while compiling.
#[must_use]
pub const fn align(align: usize) -> usize {
    assert!(align.is_power_of_two() && align <= 65_536, "`align` must be a power of two, at most 65536");
    align
}

/// The check of `max_bytes`: `needed` are the bytes of the pool of the type called `name`.
///
/// # Panics
/// If there are more than `allowed`, while compiling.
pub const fn max_bytes(name: &str, needed: usize, allowed: usize) {
    if needed > allowed {
        let mut text = Text::new();
        text.push("the pool of `");
        text.push(name);
        text.push("` takes ");
        text.push_number(needed);
        text.push(" bytes, more than `max_bytes = ");
        text.push_number(allowed);
        text.push("`: lower its `capacity` or raise the limit");
        panic!("{}", text.as_str());
    }
}

/// The check of a type called `name` whose objects are reused: `drops` says that it has a `Drop` of its own.
///
/// # Panics
/// If it has, while compiling.
pub const fn reset_without_drop(name: &str, drops: bool) {
    if drops {
        let mut text = Text::new();
        text.push("`");
        text.push(name);
        text.push("` implements `Drop`, and with `reset` some of its fields outlive the object, which `drop` would see as a \
                   whole: do in `on_release` what `drop` does, or in the `Drop` of a field");
        panic!("{}", text.as_str());
    }
}

/// A text made while compiling, where there is no formatting of numbers. What does not fit is cut.
struct Text {
    bytes: [u8; 512],
    len: usize,
}

impl Text {
    const fn new() -> Self {
        Self { bytes: [0; 512], len: 0 }
    }

    const fn push(&mut self, text: &str) {
        let text = text.as_bytes();
        if text.len() > self.bytes.len() - self.len {
            return;
        }
        let mut index = 0;
        while index < text.len() {
            self.bytes[self.len] = text[index];
            self.len += 1;
            index += 1;
        }
    }

    const fn push_number(&mut self, number: usize) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        let (_, digit) = "0123456789".split_at(number % 10);
        let (digit, _) = digit.split_at(1);
        self.push(digit);
    }

    const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "the message is cut in the middle of a letter",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_that_is_too_large_is_named_with_its_size() {
        max_bytes("Small", 64, 64);
        let message = std::panic::catch_unwind(|| max_bytes("Größe", 1_048_576, 10)).unwrap_err();
        let message = message.downcast_ref::<std::string::String>().unwrap();
        assert!(message.starts_with("the pool of `Größe` takes 1048576 bytes, more than `max_bytes = 10`:"));
        let long = std::string::String::from_utf8(std::vec![b'x'; 600]).unwrap();
        assert!(std::panic::catch_unwind(|| max_bytes(&long, 2, 1)).is_err());
    }
}
