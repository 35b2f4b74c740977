//! Keys, and the order they come in.

/// A generator of numbers that look random (`SplitMix64`: Steele, Lea, Flood, 2014).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("below a usize")
    }

    /// From 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits")]
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Another number for each number, with no order in it.
pub(super) fn mix(mut key: u64) -> u64 {
    key = (key ^ (key >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    key = (key ^ (key >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    key ^ (key >> 31)
}

/// Keys that are asked for again and again, in this order.
pub(super) struct Requests {
    keys: Vec<u64>,
    next: usize,
}

impl Requests {
    pub(super) fn new(keys: Vec<u64>) -> Self {
        Self { keys, next: 0 }
    }

    /// Asks for so many, and counts the hits. The body of the loop is there once, however large it is.
    #[inline(always)]
    pub(super) fn count(&mut self, requests: usize, mut hit: impl FnMut(u64) -> bool) -> u64 {
        let mut hits = 0;
        for _ in 0..requests {
            let key = self.keys[self.next];
            self.next = if self.next + 1 < self.keys.len() { self.next + 1 } else { 0 };
            hits += u64::from(hit(key));
        }
        hits
    }
}

/// The first keys, in no order.
pub(super) fn shuffled(count: usize, seed: u64) -> Vec<u64> {
    let mut keys: Vec<u64> = (0..count as u64).map(mix).collect();
    shuffle(&mut keys, seed);
    keys
}

/// Puts them in no order.
pub(super) fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut random = Random(seed);
    for last in (1..items.len()).rev() {
        items.swap(last, random.below(last + 1));
    }
}

/// Requests for `keys` keys, the n-th of which is asked for in proportion to 1/n^0.99, as in the Yahoo Cloud Serving Benchmark
/// (Cooper et al., 2010).
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
pub(super) fn zipf(keys: usize, requests: usize, seed: u64) -> Vec<u64> {
    let mut sum = 0.0;
    let mut shares: Vec<f64> = (1..=keys)
        .map(|rank| {
            sum += (rank as f64).powf(-0.99);
            sum
        })
        .collect();
    for share in &mut shares {
        *share /= sum;
    }
    let mut random = Random(seed);
    let rank = |fraction| shares.partition_point(|&share| share < fraction) as u64;
    (0..requests).map(|_| mix(rank(random.fraction()))).collect()
}
