use std::format;

use super::text::ParseError;

/// A number with digits after the point: `digits` / 10 ^ `places`.
pub(super) struct Number {
    pub(super) digits: u128,
    pub(super) places: u32,
}

/// More digits after the point than this say nothing.
const MOST_PLACES: u32 = 18;

/// The number that the text begins with, and what follows; none if there is none.
pub(super) fn number(text: &str) -> Result<Option<(Number, &str)>, ParseError> {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '_' || letter == '.';
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    let (written, rest) = text.split_at(end);
    if !written.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Ok(None);
    }
    let (whole, part) = written.split_once('.').unwrap_or((written, ""));
    let wrong = || ParseError::new(format!("`{written}` is no number"));
    if part.contains('.') || written.ends_with(['.', '_']) {
        return Err(wrong());
    }
    let (mut digits, mut places) = (0_u128, 0);
    for (after_point, letter) in whole.chars().map(|l| (false, l)).chain(part.chars().map(|l| (true, l))) {
        let Some(digit) = letter.to_digit(10) else { continue };
        let more = digits.checked_mul(10).and_then(|digits| digits.checked_add(digit.into()));
        digits = more.filter(|digits| *digits < 1 << 100).ok_or_else(wrong)?;
        places += u32::from(after_point);
    }
    if places > MOST_PLACES {
        return Err(wrong());
    }
    Ok(Some((Number { digits, places }, rest)))
}
