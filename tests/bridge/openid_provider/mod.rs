//! The bridge as an OpenID provider: an application sends a person here, and is told who they are.

mod authorize_answers;
mod authorize_expected;
mod authorize_pushed;
mod authorize_refusals;
mod authorize_role;
mod authorize_sign_in;
mod authorize_step_up;
pub(crate) mod scene;
mod token_discovery;
mod token_dpop;
mod token_exchange;
mod token_introspection;
mod token_kinds;
mod token_log;
mod token_refresh;
pub(crate) mod token_scene;
mod token_userinfo;
