use super::{
    Expert, Hit, Id, Kind, Nodes, Policy, Ranking, Shadow, Unwatched, Watch, Wide, ranking::sealed::Sealed,
};

/// Does what would have been best lately.
#[derive(Clone, Copy, Debug, Default)]
pub struct Adaptive;

impl Sealed for Adaptive {}

impl Policy for Adaptive {
    type Ranking = AdaptiveRanking;

    fn ranking(&self, capacity: u64) -> AdaptiveRanking {
        AdaptiveRanking::new(capacity)
    }
}

/// Carries out [`Adaptive`].
#[doc(hidden)]
#[derive(Debug)]
pub struct AdaptiveRanking {
    expert: Expert,
    shadows: [Shadow<Expert>; 4],
    scores: [f64; 4],
    capacity: u64,
    /// One hash in so many is seen by the shadows.
    rate: u32,
    now: u32,
    since: u64,
    epoch: u64,
    decay: f64,
}

fn env(name: &str, or: f64) -> f64 {
    extern crate std;
    std::env::var(name).ok().and_then(|x| x.parse().ok()).unwrap_or(or)
}

impl AdaptiveRanking {
    fn new(capacity: u64) -> Self {
        let full = env("FULL", 512.0) as u64;
        let rate = (capacity / full).clamp(1, env("RATE", 64.0) as u64) as u32;
        let small = (capacity / u64::from(rate)).max(1);
        let epoch = ((capacity as f64 * env("EPOCH", 2.0)) as u64).max(env("MINEPOCH", 1000.0) as u64);
        Self {
            expert: Expert::new(Kind::ALL[0], capacity),
            shadows: Kind::ALL.map(|kind| Shadow::of(Expert::new(kind, small), small)),
            scores: [0.0; 4],
            capacity,
            rate,
            now: 0,
            since: 0,
            epoch,
            decay: 1.0 - 1.0 / (env("MEMORY", 10.0) * epoch as f64 / f64::from(rate)),
        }
    }

    #[inline]
    fn seen(&mut self, hash: u32, weight: u64) {
        self.now += 1;
        self.since += 1;
        let sample = hash.wrapping_mul(0x85EB_CA6B);
        if self.rate == 1 || ((u64::from(sample) * u64::from(self.rate)) >> 32) == 0 {
            for (shadow, score) in self.shadows.iter_mut().zip(&mut self.scores) {
                *score = *score * self.decay + if shadow.access(hash, weight as u32) { 1.0 } else { 0.0 };
            }
        }
    }

    fn judge(&mut self, nodes: &mut impl Nodes<Wide>) {
        if self.since < self.epoch {
            return;
        }
        self.since = 0;
        let now = Kind::ALL.iter().position(|&kind| kind == self.expert.kind()).unwrap_or(0);
        let best = (0..4).max_by(|&one, &other| self.scores[one].total_cmp(&self.scores[other])).unwrap_or(0);
        if best != now && self.scores[best] > self.scores[now] * env("MARGIN", 1.02) + env("PLUS", 4.0) {
            let entries = self.expert.entries(nodes, self.now);
            self.expert = Expert::new(Kind::ALL[best], self.capacity);
            let mode = env("MODE", 0.0) as u32;
            if mode == 0 {
                for &(id, _) in &entries {
                    self.bring(nodes, id, false);
                }
            } else if mode == 1 {
                for &(id, worth) in &entries {
                    if worth {
                        self.bring(nodes, id, false);
                    }
                }
                for &(id, worth) in &entries {
                    if !worth {
                        self.bring(nodes, id, false);
                    }
                }
            } else {
                for &(id, worth) in &entries {
                    if worth {
                        self.bring(nodes, id, true);
                    }
                }
                for &(id, worth) in &entries {
                    if !worth {
                        self.bring(nodes, id, false);
                    }
                }
            }
        }
    }

    fn bring(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, hit: bool) {
        let rest = nodes.node(id).rest();
        *nodes.node_mut(id) = Wide::default();
        nodes.set_mark(id, 0);
        self.expert.on_insert(nodes, id, &());
        if hit {
            self.expert.on_hit(nodes, id);
        }
        let _ = rest;
    }

    #[inline]
    fn stamp(&self, nodes: &mut impl Nodes<Wide>, id: Id) {
        if self.expert.kind() != Kind::Lirs {
            nodes.node_mut(id).set_rest(self.now);
        }
    }
}

impl Ranking for AdaptiveRanking {
    const HIT: Hit = Hit::Order;
    type Node = Wide;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        self.seen(nodes.hash(id), nodes.weight(id));
        self.expert.on_hit(nodes, id);
        self.stamp(nodes, id);
        self.judge(nodes);
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, (): &<Unwatched as Watch>::Note) {
        self.seen(nodes.hash(id), nodes.weight(id));
        self.expert.on_insert(nodes, id, &());
        self.stamp(nodes, id);
        self.judge(nodes);
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, before: u64) {
        self.expert.on_weight(nodes, id, before);
    }

    fn on_remove(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        self.expert.on_remove(nodes, id);
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Wide>, incoming: u32) -> Option<Id> {
        self.expert.evict(nodes, incoming)
    }

    fn resize(&mut self, nodes: &mut impl Nodes<Wide>, capacity: u64) {
        self.capacity = capacity;
        self.expert.resize(nodes, capacity);
    }

    fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }
}
