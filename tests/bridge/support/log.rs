//! What a bridge writes to its log while a story is told.

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::runtime::Builder;
use tracing::dispatcher::{DefaultGuard, Dispatch, set_default};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// The lines of one story.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Every line so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let octets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&octets);
        text.lines().map(str::to_owned).collect()
    }

    /// The lines with these words.
    pub(crate) fn lines_with(&self, words: &str) -> Vec<String> {
        let all = self.lines().into_iter();
        all.filter(|line| line.contains(words)).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

thread_local! {
    /// Keeps a thread listening for as long as it lives.
    static LISTENING: Mutex<Option<DefaultGuard>> = const { Mutex::new(None) };
}

/// Whoever logs first is heard: what is said before anybody listens is thought to interest nobody ever.
static FROM_THE_START: OnceLock<Dispatch> = OnceLock::new();

/// Makes sure that no line is ever thought to interest nobody. Every bridge of a test does this before it says a word.
pub(super) fn listen_from_the_start() {
    FROM_THE_START.get_or_init(|| Dispatch::new(tracing_subscriber::registry()));
}

/// Tells a story on a runtime of its own, all of whose threads write to one log: everything that our crate has to
/// say, down to the finest.
pub(crate) fn logged<S: Future<Output = ()>>(story: impl FnOnce(Log) -> S) {
    let log = Log::default();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("nhsmail_bridge=trace"))
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let dispatch = Dispatch::new(lines);
    let of_threads = dispatch.clone();
    let runtime = Builder::new_current_thread()
        .enable_all()
        .on_thread_start(move || listen(&of_threads))
        .build()
        .expect("a runtime");
    let _here = set_default(&dispatch);
    runtime.block_on(story(log));
}

fn listen(dispatch: &Dispatch) {
    let guard = set_default(dispatch);
    LISTENING.with(|kept| *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(guard));
}
