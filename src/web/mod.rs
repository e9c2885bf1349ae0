//! The URL table, and what stands behind it: addresses, pages, cookies and headers.
//!
//! This room turns HTTP into calls of the other rooms and their answers back into HTTP. It decides nothing
//! about trust. The pages follow the NHS service manual, work without script and ask no other host for anything.

pub mod assets;
pub mod headers;
pub mod pages;
pub mod settings;
