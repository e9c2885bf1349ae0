//! `BackChannel`: hears of every end of a session, and tells the applications that took part.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use tokio::runtime::Handle;

use crate::downstream::application::Application;
use crate::downstream::application::registry::Applications;
use crate::downstream::logout::hint::{Hint, NotAHint};
use crate::downstream::logout::lanes::{Lanes, Place};
use crate::downstream::logout::record::{LogoutRecord, Progress, Told};
use crate::downstream::logout::token::{LogoutTokenError, LogoutTokens, Subject};
use crate::platform::clock::Clock;
use crate::platform::outbound::{Outbound, Send, Unreached};
use crate::session::ended::{Cause, Ended, Listener};
use crate::session::record::Session;
use crate::session::sid::Sid;

/// Before each further try. After the last one the application has had almost three minutes.
const PAUSES: [Duration; 4] = [
    Duration::seconds(2),
    Duration::seconds(10),
    Duration::seconds(30),
    Duration::minutes(2),
];
/// After so long nothing is said any more, whoever is in the way: the application's tokens have ended by themselves.
const LONGEST: Duration = Duration::minutes(10);
/// How long somebody who is leaving waits for the applications to hear of it.
pub const PATIENCE: Duration = Duration::seconds(2);

/// Tells applications, behind the browser's back, that sessions are over.
#[derive(Debug)]
pub struct BackChannel(Arc<Around>);

/// What it works with.
#[derive(Debug)]
pub struct Surroundings {
    /// The applications, by whose registration each is told.
    pub applications: Applications,
    /// Writes what they are told.
    pub tokens: LogoutTokens,
    /// Carries it.
    pub outbound: Outbound,
    /// Keeps what became of it.
    pub record: Arc<LogoutRecord>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

#[derive(Debug)]
struct Around {
    with: Surroundings,
    lanes: Lanes,
}

/// What one application must hear.
#[derive(Debug)]
struct Notice {
    number: u64,
    application: Arc<Application>,
    address: String,
    subject: Subject,
    cause: Cause,
    begun_at: OffsetDateTime,
    _place: Place,
}

/// Why an application has not heard.
#[derive(Debug, thiserror::Error)]
enum Unheard {
    /// It answered, and not with 200 or 204 (2.8).
    #[error("it answered {0}")]
    Answered(u16),
    #[error(transparent)]
    Unreached(#[from] Unreached),
    #[error("the logout token could not be written: {0}")]
    NoToken(#[from] LogoutTokenError),
    #[error("too many notices to it wait already")]
    TooMany,
    #[error("it did not come to its turn in time")]
    TooLate,
}

impl BackChannel {
    /// Tells the applications of `surroundings`.
    pub fn new(surroundings: Surroundings) -> Self {
        Self(Arc::new(Around {
            with: surroundings,
            lanes: Lanes::default(),
        }))
    }

    /// Judges an ID token of ours that an application shows as it asks to log somebody out.
    ///
    /// # Errors
    /// [`NotAHint`]: the person must be asked.
    pub fn hint(&self, hint: &str) -> Result<Hint, NotAHint> {
        self.0.with.tokens.hint(hint, &self.0.with.applications)
    }

    /// True if an application that took part in `session` can be told.
    pub fn tells_of(&self, session: &Session) -> bool {
        self.told_of(session).next().is_some()
    }

    fn told_of(&self, session: &Session) -> impl Iterator<Item = (&Arc<Application>, &str)> {
        let took_part = session.shared_with().iter();
        took_part.filter_map(|client_id| {
            let application = self.0.with.applications.find_or_default(client_id)?;
            Some((application, application.logout.back_channel.as_deref()?))
        })
    }

    pub(in crate::downstream::logout) fn surroundings(&self) -> &Surroundings {
        &self.0.with
    }

    /// What became of the notices.
    pub fn record(&self) -> &LogoutRecord {
        &self.0.with.record
    }

    /// What became of the notices about the session `sid` when each was said once, or after [`PATIENCE`]: whoever is
    /// leaving does not wait for an application that is away.
    pub async fn told(&self, sid: &Sid) -> Vec<Told> {
        self.wait_for([sid]).await;
        self.record().about(sid)
    }

    /// Returns when every notice about these sessions was said once, or after [`PATIENCE`].
    pub async fn wait_for(&self, sids: impl IntoIterator<Item = &Sid>) {
        let Surroundings { record, clock, .. } = &self.0.with;
        let patience = clock.now().saturating_add(PATIENCE);
        let all = async {
            for sid in sids {
                record.was_said(sid).await;
            }
        };
        tokio::select! {
            () = all => {}
            () = clock.reach(patience) => {}
        }
    }

    fn tell(&self, application: &Arc<Application>, address: &str, ended: &Ended) {
        let Surroundings { record, clock, .. } = &self.0.with;
        let now = clock.now();
        let sid = ended.session.sid();
        let number = record.begin(sid, about_to(application, ended.cause, now));
        let begun = self
            .0
            .prepare(application, &ended.session)
            .map(|(subject, place)| {
                let notice = Notice {
                    number,
                    application: Arc::clone(application),
                    address: address.to_owned(),
                    subject,
                    cause: ended.cause,
                    begun_at: now,
                    _place: place,
                };
                self.spawn(notice);
            });
        if let Err(cause) = begun {
            self.0.give_up(number, &application.client_id, &cause);
        }
    }

    fn spawn(&self, notice: Notice) {
        let around = Arc::clone(&self.0);
        match Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move { around.deliver(notice).await });
            }
            // Sessions end where requests are answered, which is always on a runtime.
            Err(_none) => around.give_up(notice.number, &notice.application.client_id, &Unheard::TooMany),
        }
    }
}

impl Listener for BackChannel {
    fn ended(&self, ended: &Ended) {
        for (application, address) in self.told_of(&ended.session) {
            self.tell(application, address, ended);
        }
    }
}

impl Around {
    fn prepare(&self, application: &Application, session: &Session) -> Result<(Subject, Place), Unheard> {
        let place = self.lanes.place(&application.client_id).ok_or(Unheard::TooMany)?;
        let subject = self.with.tokens.subject(session, application)?;
        Ok((subject, place))
    }

    /// Says it until it is heard, or often enough.
    async fn deliver(&self, notice: Notice) {
        let Surroundings { record, clock, .. } = &self.with;
        let mut pauses = PAUSES.into_iter();
        for tries in 1.. {
            let heard = self.say(&notice).await;
            let now = clock.now();
            let again = pauses.next().map(|pause| now.saturating_add(pause));
            let progress = match (&heard, again) {
                (Ok(()), _) => Progress::Heard,
                (Err(cause), Some(at)) => Progress::Again {
                    at,
                    reason: cause.to_string(),
                },
                (Err(cause), None) => Progress::GivenUp {
                    reason: cause.to_string(),
                },
            };
            log(&notice, tries, &progress);
            let next = match progress {
                Progress::Again { at, .. } => Some(at),
                Progress::Waiting | Progress::Heard | Progress::GivenUp { .. } => None,
            };
            record.note(notice.number, now, tries, progress);
            match next {
                Some(at) => clock.reach(at).await,
                None => return,
            }
        }
    }

    /// Says it once, with a token of its own.
    async fn say(&self, notice: &Notice) -> Result<(), Unheard> {
        let application = &notice.application;
        let _turn = self.lanes.turn(&application.client_id).await;
        if self.with.clock.now() - notice.begun_at > LONGEST {
            return Err(Unheard::TooLate);
        }
        let token = self.with.tokens.write(application, &notice.subject)?;
        let form = [("logout_token".to_owned(), token)];
        let reply = self
            .with
            .outbound
            .ask(&notice.address, Send::Form(&form), &[])
            .await?;
        match reply.status {
            200 | 204 => Ok(()),
            other => Err(Unheard::Answered(other)),
        }
    }

    fn give_up(&self, number: u64, application: &str, cause: &Unheard) {
        let reason = cause.to_string();
        tracing::error!(application, reason, "an application was not told of a logout");
        let now = self.with.clock.now();
        self.with
            .record
            .note(number, now, 0, Progress::GivenUp { reason });
    }
}

fn about_to(application: &Application, cause: Cause, now: OffsetDateTime) -> Told {
    Told {
        application: application.client_id.clone(),
        label: application.label.clone(),
        cause,
        ended_at: now,
        tries: 0,
        last_try: None,
        progress: Progress::Waiting,
    }
}

/// One line for each application and try; never who.
fn log(notice: &Notice, tries: u32, progress: &Progress) {
    let (application, cause) = (notice.application.client_id.as_str(), notice.cause.word());
    let reason = progress.reason().unwrap_or_default();
    match progress {
        Progress::Heard => tracing::info!(application, cause, tries, "an application was told of a logout"),
        Progress::Waiting | Progress::Again { .. } => {
            tracing::warn!(
                application,
                cause,
                tries,
                reason,
                "an application has not heard of a logout yet"
            );
        }
        Progress::GivenUp { .. } => {
            tracing::error!(
                application,
                cause,
                tries,
                reason,
                "an application was not told of a logout"
            );
        }
    }
}
