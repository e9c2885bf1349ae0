//! What the machine gives us: time, chance, secrets, small expiring memory, the way out to other hosts.
//!
//! This room imports nothing of ours. Time and chance are handed to everyone else as values, so that a test
//! can move the one and repeat the other.

pub mod clock;
pub mod digest;
pub mod durations;
pub mod environment;
pub mod failures;
pub mod http_date;
pub mod instants;
pub mod origin;
pub mod outbound;
pub mod private_file;
pub mod problem;
pub mod random;
pub mod rate;
pub mod recent;
pub mod secret;
pub mod setting;
pub mod store;
pub mod telemetry;
