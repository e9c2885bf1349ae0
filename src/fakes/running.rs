//! A server that runs until it is shut down or dropped.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Nobody can listen there.
#[derive(Debug, thiserror::Error)]
#[error("nobody can listen on {address}: {cause}")]
pub struct CannotListen {
    /// Where.
    pub address: SocketAddr,
    /// What the system said.
    pub cause: std::io::Error,
}

/// A place to listen, taken but not served yet.
#[derive(Debug)]
pub(super) struct Place {
    listener: TcpListener,
    address: SocketAddr,
}

impl Place {
    /// Takes `address`; port 0 is a free one.
    pub(super) async fn take(address: SocketAddr) -> Result<Self, CannotListen> {
        let cannot = |cause| CannotListen { address, cause };
        let listener = TcpListener::bind(address).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        Ok(Self { listener, address })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves `router` there.
    pub(super) fn serve(self, router: Router) -> Running {
        let (stop, stopped) = oneshot::channel();
        let Self { listener, address } = self;
        let task = tokio::spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(async {
                // A handle that is dropped stops the server just as well.
                let _stopped = stopped.await;
            });
            if let Err(cause) = serving.await {
                tracing::warn!(%cause, %address, "a fake stopped");
            }
        });
        Running { address, stop, task }
    }
}

/// A running server.
#[derive(Debug)]
pub(super) struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Finishes what is under way and stops.
    pub(super) async fn shutdown(self) {
        // The server may have stopped by itself.
        let _sent = self.stop.send(());
        if let Err(cause) = self.task.await {
            tracing::warn!(%cause, "a fake did not stop well");
        }
    }
}
