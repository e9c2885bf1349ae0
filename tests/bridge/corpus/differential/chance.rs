//! Chance that repeats itself: the same seed, message and number give the same mutant on every machine.

/// A `SplitMix64` sequence.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The sequence for one mutant of one message.
    pub(crate) fn of(seed: u64, message: &str, number: u64) -> Self {
        let label = message.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut chance = Self(seed ^ label);
        let start = chance.next() ^ number;
        Self(start)
    }

    /// A number below `bound`, which is not zero.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).expect("a length fits in 64 bits");
        usize::try_from(self.next() % bound).expect("it is below a usize")
    }

    /// One of several, or nothing of nothing.
    pub(crate) fn pick<'a, T>(&mut self, several: &'a [T]) -> Option<&'a T> {
        several.get(self.below(several.len()))
    }

    /// One of several that are known to be there.
    pub(crate) fn one_of<'a>(&mut self, several: &[&'a str]) -> &'a str {
        several[self.below(several.len())]
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
