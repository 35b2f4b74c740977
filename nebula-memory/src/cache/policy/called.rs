use alloc_crate::boxed::Box;
use alloc_crate::format;
use core::fmt;
use core::str::FromStr;

use super::{Adaptive, AnyPolicy, Elastic, Fifo, Lfu, Lru, Random, S3Fifo, Sieve, WTinyLfu};

macro_rules! names {
    ($($name:literal => $variant:ident($policy:expr),)*) => {
        impl AnyPolicy {
            /// What policies are called in text.
            ///
            /// ```
            /// use nebula_memory::cache::policy::AnyPolicy;
            ///
            /// assert!(AnyPolicy::NAMES.contains(&"lru"));
            /// for name in AnyPolicy::NAMES {
            ///     assert_eq!(name.parse::<AnyPolicy>().unwrap().to_string(), *name);
            /// }
            /// ```
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// What it is called, of [`NAMES`](Self::NAMES). Settings are not in it.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// All of them, as they are by default.
            ///
            /// ```
            /// use nebula_memory::cache::{Cache, policy::AnyPolicy};
            ///
            /// for policy in AnyPolicy::all() {
            ///     let mut cache = Cache::builder().capacity(10).policy(policy).build();
            ///     cache.extend((0..100).map(|key| (key, key)));
            ///     assert_eq!(cache.len(), 10, "{policy}");
            /// }
            /// ```
            pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
                [$(Self::$variant($policy)),*].into_iter()
            }

            /// The policy of that name, as it is by default.
            fn named(name: &str) -> Option<Self> {
                Some(match name {
                    $($name => Self::$variant($policy),)*
                    _ => return None,
                })
            }
        }
    };
}

names! {
    "random" => Random(Random::default()),
    "fifo" => Fifo(Fifo),
    "lru" => Lru(Lru),
    "lfu" => Lfu(Lfu),
    "sieve" => Sieve(Sieve),
    "s3fifo" => S3Fifo(S3Fifo),
    "elastic" => Elastic(Elastic),
    "wtinylfu" => WTinyLfu(WTinyLfu::default()),
    "adaptive" => Adaptive(Adaptive),
}

/// The one that caches have unless told otherwise: [`Elastic`].
impl Default for AnyPolicy {
    fn default() -> Self {
        Elastic.into()
    }
}

/// One of the [names](AnyPolicy::NAMES), in small letters, as `cachesim` takes them. With a colon and a number, `random:7` is
/// [`Random`] with this seed, and `wtinylfu:20` is [`WTinyLfu`] with this window, in percent.
///
/// ```
/// use nebula_memory::cache::{Cache, policy::{AnyPolicy, Random}};
///
/// let policy: AnyPolicy = "s3fifo".parse()?;
/// let mut cache = Cache::builder().capacity(100).policy(policy).build();
/// cache.insert("a", 1);
///
/// assert_eq!("random:7".parse(), Ok(AnyPolicy::from(Random::new(7))));
/// let error = "best".parse::<AnyPolicy>().unwrap_err();
/// assert!(error.to_string().starts_with("there is no policy `best`; there are random, fifo, lru, "));
/// # Ok::<(), nebula_memory::cache::policy::PolicyError>(())
/// ```
impl FromStr for AnyPolicy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let (name, setting) = match text.split_once(':') {
            Some((name, setting)) => (name, Some(setting)),
            None => (text, None),
        };
        let policy = Self::named(name).ok_or_else(|| PolicyError::new(Wrong::Name, name))?;
        let Some(setting) = setting else { return Ok(policy) };
        match policy {
            Self::Random(_) => match setting.parse() {
                Ok(seed) => Ok(Random::new(seed).into()),
                Err(_) => Err(PolicyError::new(Wrong::Seed, setting)),
            },
            Self::WTinyLfu(_) => match setting.parse() {
                Ok(percent @ 0..=100) => Ok(WTinyLfu::with_window(percent).into()),
                _ => Err(PolicyError::new(Wrong::Window, setting)),
            },
            other => Err(PolicyError::new(Wrong::Setting(other.name()), setting)),
        }
    }
}

/// Its name, and after a colon what it was told, if that is not the default: [`FromStr`] reads it.
impl fmt::Display for AnyPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let setting = match self {
            Self::Random(random) if *random != Random::default() => Some(random.seed()),
            Self::WTinyLfu(policy) => policy.window().map(u64::from),
            _ => None,
        };
        match setting {
            None => f.pad(self.name()),
            Some(setting) => f.pad(&format!("{}:{setting}", self.name())),
        }
    }
}

/// A text that names no [`AnyPolicy`]. What is written of it says which names there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    wrong: Wrong,
    /// The part of the text in which that is.
    text: Box<str>,
}

/// What is wrong with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Name,
    Seed,
    Window,
    /// This one takes none.
    Setting(&'static str),
}

impl PolicyError {
    fn new(wrong: Wrong, text: &str) -> Self {
        Self { wrong, text: text.into() }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match self.wrong {
            Wrong::Name => {
                write!(f, "there is no policy `{text}`; there are {}", AnyPolicy::NAMES.join(", "))
            }
            Wrong::Seed => write!(f, "the seed of `random` is a number of 64 bits, not `{text}`"),
            Wrong::Window => write!(f, "the window of `wtinylfu` is 0 to 100 percent, not `{text}`"),
            Wrong::Setting(name) => write!(f, "`{name}` can be told nothing, not `{text}` either"),
        }
    }
}

impl core::error::Error for PolicyError {}
