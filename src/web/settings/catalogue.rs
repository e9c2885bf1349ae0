//! Every key of `[web]`, described.

use crate::platform::setting::{Setting, Shape};

/// Every key of `[web]`.
pub const SETTINGS: &[Setting] = &[
    Setting::required("listen", Shape::Text, "\"0.0.0.0:8443\"")
        .about("The address and port that browsers, or your reverse proxy, reach")
        .given_by("You; `127.0.0.1:8080` if a reverse proxy on the same machine serves TLS"),
    Setting::required("management_listen", Shape::Text, "\"127.0.0.1:9090\"")
        .about("The separate address of `/healthz` and `/readyz`")
        .given_by("You; reachable for your monitoring and never for the public"),
    Setting::optional("tls", Shape::Table(&[TLS]), "a reverse proxy serves TLS")
        .about("Serve TLS here")
        .given_by("You"),
    Setting::optional("trusted_proxies", Shape::Texts, "[]")
        .such_as("[\"10.0.0.0/24\"]")
        .about("The networks of the reverse proxies whose `X-Forwarded-*` headers are believed")
        .given_by("Whoever runs the reverse proxy; change it when the proxy moves"),
    Setting::optional("return_to", Shape::Texts, "[]")
        .such_as("[\"https://rota.example.nhs.uk\"]")
        .about(
            "Other origins to which a browser may be sent after signing in or out; our own is always allowed",
        )
        .given_by("The developers of the applications: scheme, host and port, no path"),
    Setting::optional("default_return_to", Shape::Text, "\"/\"")
        .about("Where a browser goes that named no place: a path here, or an address on an allowed origin")
        .given_by("You; the start page of the application if there is only one"),
    Setting::optional("support", Shape::Table(&[SUPPORT]), "the defaults below")
        .about("Who helps a person that cannot sign in; shown on pages")
        .given_by("Your service desk"),
    Setting::optional("management_token", Shape::Source, "nobody can end sessions there")
        .such_as("{ env = \"MANAGEMENT_TOKEN\" }")
        .about("What an administrator shows as `Authorization: Bearer` at the management listener to end sessions")
        .given_by("You; at least 32 random characters, known to your administrators alone"),
];

const TLS: &[Setting] = &[
    Setting::required("certificate_file", Shape::Text, "\"../keys/web.crt\"")
        .about("The certificate chain, PEM, our own certificate first")
        .given_by("Your certificate authority; replace it before it expires"),
    Setting::required("key", Shape::Source, "{ file = \"../keys/web.key\" }")
        .about("The private key of that certificate, PEM, from a file or an environment variable")
        .given_by("You made it for the certificate request"),
];

const SUPPORT: &[Setting] = &[
    Setting::optional("name", Shape::Text, "\"your IT service desk\"")
        .about("The name of the service desk, as it stands in a sentence")
        .given_by("Your service desk"),
    Setting::optional("contact", Shape::Text, "\"\"")
        .such_as("\"020 7946 0000\"")
        .about("How to reach it: a telephone number, an e-mail address or both; empty: not shown")
        .given_by("Your service desk"),
];
