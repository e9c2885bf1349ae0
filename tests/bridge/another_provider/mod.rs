//! An OpenID provider that others made, and that is certified, as the upstream of a door: the npm package
//! oidc-provider, which knows nothing of ours. People sign in by it and are signed out by it.

mod ends;
mod process;
mod scene;
mod signs_in;
