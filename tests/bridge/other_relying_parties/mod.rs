//! Applications that others made: the certified relying party of npm's openid-client, and Debian's `mod_auth_openidc` in a
//! real Apache. They know nothing of ours but the discovery document and what is registered.

mod apache;
mod apache_logs_in;
mod guide;
mod openid_client;
mod openid_client_logs_in;
mod scene;
mod story;
