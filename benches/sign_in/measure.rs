//! Times and ratios of one run.

use std::cell::Cell;
use std::time::Duration;

use criterion::measurement::{Measurement, WallTime};
use criterion::{BenchmarkGroup, Criterion};

/// Enough samples that one of them is undisturbed, few enough that the whole takes half a minute.
pub(crate) fn settings() -> Criterion {
    Criterion::default()
        .sample_size(40)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
}

/// Measures `work` and gives the seconds of one call in the least disturbed sample: other work on the machine only
/// ever makes a sample longer.
pub(crate) fn least<T>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, work: impl Fn() -> T) -> f64 {
    let least = Cell::new(f64::INFINITY);
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let begun = WallTime.start();
            for _ in 0..times {
                work();
            }
            let taken = WallTime.end(begun);
            let calls = u32::try_from(times).map_or(f64::INFINITY, f64::from);
            least.set(least.get().min(taken.as_secs_f64() / calls));
            taken
        });
    });
    least.get()
}

/// Reference, strict judge alone, both judges: seconds by size.
#[derive(Default)]
pub(crate) struct Table(Vec<(usize, [f64; 3])>);

impl Table {
    /// Adds a size.
    pub(crate) fn add(&mut self, octets: usize, seconds: [f64; 3]) {
        self.0.push((octets, seconds));
    }

    /// Prints what the run is for.
    #[expect(clippy::print_stdout, reason = "this table is the result of the run")]
    pub(crate) fn print(&self) {
        println!("\n  octets | reference |  strict  ratio |    both  ratio | strict per KiB | both per KiB");
        for (octets, [reference, strict, both]) in &self.0 {
            let kib = u32::try_from(*octets).map_or(f64::NAN, f64::from) / 1024.0;
            let micro = 1e6;
            println!(
                "{octets:8} | {:6.1} us | {:4.0} us {:5.2}x | {:4.0} us {:5.2}x | {:11.2} us | {:9.2} us",
                reference * micro,
                strict * micro,
                strict / reference,
                both * micro,
                both / reference,
                strict * micro / kib,
                both * micro / kib,
            );
        }
    }
}
