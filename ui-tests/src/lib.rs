//! Holds no code of its own: the cases are the folders beside this one, driven by `tests/ui.rs`.
//!
//! What is generated must mean the same in the editions of users, so one program runs in two of them. (In 2024 the
//! other cases run.)

/// Edition 2018.
#[doc = concat!("```edition2018\n", include_str!("../editions/program.rs"), "```")]
mod edition_2018 {}

/// Edition 2021.
#[doc = concat!("```edition2021\n", include_str!("../editions/program.rs"), "```")]
mod edition_2021 {}
