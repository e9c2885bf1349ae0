//! What a visitor sees: the answer to a request, its words and its forms.

use axum::http::HeaderMap;
use serde_json::Value;
use url::Url;

/// The answer at the end of a request.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Where the browser ended.
    pub(crate) url: Url,
    /// The addresses it was sent to on the way, the last among them.
    pub(crate) sent_to: Vec<Url>,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// One form, as it would be sent by one of its buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: Url,
    pub(crate) fields: Vec<(String, String)>,
}

impl Page {
    /// The heading.
    pub(crate) fn heading(&self) -> String {
        text_of(&self.body, "h1").unwrap_or_default()
    }

    /// The reference to give to support.
    pub(crate) fn reference(&self) -> String {
        text_of(&self.body, "strong class=\"bridge-reference\"").expect("a reference")
    }

    /// True if the page says this somewhere.
    pub(crate) fn says(&self, words: &str) -> bool {
        decoded(&self.body).contains(words)
    }

    /// The value of a header; empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("plain text"))
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// The link with this text.
    pub(crate) fn link(&self, text: &str) -> Url {
        let links = elements(&self.body, "a");
        let link = links.iter().find(|link| link.text == text);
        let href = link.and_then(|link| link.attribute("href"));
        let href = href.unwrap_or_else(|| unreachable!("no link {text} on {}", self.body));
        self.url.join(&href).expect("an address")
    }

    /// Where the browser finds the style of the page.
    pub(crate) fn stylesheet(&self) -> Url {
        let links = elements(&self.body, "link");
        let sheet = links
            .iter()
            .find(|link| link.attribute("rel").as_deref() == Some("stylesheet"));
        let href = sheet
            .and_then(|link| link.attribute("href"))
            .expect("a stylesheet");
        self.url.join(&href).expect("an address")
    }

    /// The form whose button has this text or this value, as that button sends it.
    pub(crate) fn form(&self, button: &str) -> Form {
        for form in elements(&self.body, "form") {
            for pressed in elements(&form.inside, "button") {
                let value = pressed.attribute("value");
                if pressed.text == button || value.as_deref() == Some(button) {
                    return self.sent_by(&form, &pressed);
                }
            }
        }
        unreachable!("no button {button} on {}: {}", self.url, self.body)
    }

    fn sent_by(&self, form: &Element, button: &Element) -> Form {
        assert_eq!(form.attribute("method").as_deref(), Some("post"));
        let action = button
            .attribute("formaction")
            .or_else(|| form.attribute("action"));
        let inputs = elements(&form.inside, "input").into_iter();
        let mut fields: Vec<_> = inputs
            .filter_map(|input| Some((input.attribute("name")?, input.attribute("value")?)))
            .collect();
        fields.extend(button.attribute("name").zip(button.attribute("value")));
        Form {
            action: self.url.join(&action.expect("an action")).expect("an address"),
            fields,
        }
    }
}

impl Form {
    /// The value of a field, if the form has it.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The form with another value in this field, which it may not have had.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The form without this field.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }
}

/// One element of a page that a program wrote: attributes in double quotes, no nesting of the same name.
#[derive(Debug)]
struct Element {
    head: String,
    inside: String,
    text: String,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<String> {
        let (_, after) = self.head.split_once(&format!(" {name}=\""))?;
        let (value, _) = after.split_once('"')?;
        Some(decoded(value))
    }
}

fn elements(html: &str, name: &str) -> Vec<Element> {
    let (open, close) = (format!("<{name} "), format!("</{name}>"));
    html.split(&open)
        .skip(1)
        .filter_map(|from_here| {
            let (head, after) = from_here.split_once('>')?;
            let inside = after.split(&close).next().unwrap_or_default();
            Some(Element {
                head: format!(" {head}"),
                inside: inside.to_owned(),
                text: decoded(inside).trim().to_owned(),
            })
        })
        .collect()
}

fn text_of(html: &str, opening: &str) -> Option<String> {
    let (_, after) = html.split_once(&format!("<{opening}"))?;
    let (_, inside) = after.split_once('>')?;
    let (text, _) = inside.split_once('<')?;
    Some(decoded(text).trim().to_owned())
}

fn decoded(text: &str) -> String {
    html_escape::decode_html_entities(text).into_owned()
}
