//! A page as the browser holds it: words, forms, links.

use url::Url;

use crate::fakes::browser::Step;
use crate::fakes::browser::markup::{Piece, pieces};
use crate::platform::outbound::Reply;

/// What a request ended in.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it is.
    pub url: Url,
    /// The answer itself.
    pub reply: Reply,
    /// Every request on the way, this one last.
    pub steps: Vec<Step>,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: Url,
    /// Whether it goes by POST.
    pub is_post: bool,
    /// The fields with their values, without the buttons.
    pub fields: Vec<(String, String)>,
    /// The buttons that send it.
    pub buttons: Vec<Button>,
}

/// One button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// The words on it.
    pub words: String,
    /// The field it adds when it is pressed.
    pub field: Option<(String, String)>,
}

impl Page {
    pub(super) fn new(url: Url, reply: Reply, steps: Vec<Step>) -> Self {
        Self { url, reply, steps }
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.reply.status
    }

    /// Where it redirects to.
    pub fn redirect(&self) -> Option<Url> {
        redirect(&self.url, &self.reply)
    }

    /// The words of its first-level heading.
    pub fn heading(&self) -> String {
        self.words_within("h1")
    }

    /// All words of its main part (of the whole page, if it has no main part).
    pub fn words(&self) -> String {
        let main = self.words_within("main");
        if main.is_empty() {
            self.words_within("body")
        } else {
            main
        }
    }

    /// Its forms, in order.
    pub fn forms(&self) -> Vec<Form> {
        let all = self.pieces();
        let starts = all.iter().enumerate().filter(|(_, piece)| piece.opens("form"));
        starts
            .filter_map(|(at, piece)| {
                let inside = all.get(at + 1..)?.split(|piece| piece.closes("form")).next()?;
                self.form(piece, inside)
            })
            .collect()
    }

    /// The form that has a field of this name.
    pub fn form_with(&self, field: &str) -> Option<Form> {
        let has = |form: &Form| form.fields.iter().any(|(name, _)| name == field);
        self.forms().into_iter().find(has)
    }

    /// Where the link with these words leads.
    pub fn link(&self, words: &str) -> Option<Url> {
        let all = self.pieces();
        let mut starts = all.iter().enumerate().filter(|(_, piece)| piece.opens("a"));
        let href = starts.find_map(|(at, piece)| {
            let inside = all.get(at + 1..)?.split(|piece| piece.closes("a")).next()?;
            piece.attribute("href").filter(|_| texts(inside) == words)
        })?;
        self.url.join(href).ok()
    }

    fn form(&self, piece: &Piece, inside: &[Piece]) -> Option<Form> {
        let action = piece.attribute("action").unwrap_or_default();
        let action = if action.is_empty() {
            self.url.clone()
        } else {
            self.url.join(action).ok()?
        };
        let method = piece.attribute("method").unwrap_or_default();
        let mut form = Form {
            action,
            is_post: method.eq_ignore_ascii_case("post"),
            fields: Vec::new(),
            buttons: Vec::new(),
        };
        for (at, piece) in inside.iter().enumerate() {
            let after = inside.get(at + 1..).unwrap_or_default();
            form.take(piece, after);
        }
        Some(form)
    }

    fn words_within(&self, element: &str) -> String {
        let all = self.pieces();
        let Some(start) = all.iter().position(|piece| piece.opens(element)) else {
            return String::new();
        };
        let inside = all.get(start + 1..).unwrap_or_default();
        texts(
            inside
                .split(|piece| piece.closes(element))
                .next()
                .unwrap_or_default(),
        )
    }

    fn pieces(&self) -> Vec<Piece> {
        pieces(&self.reply.text())
    }
}

impl Form {
    /// The button with these words or this value.
    pub fn button(&self, wanted: &str) -> Option<&Button> {
        let fits = |button: &&Button| {
            let value = button.field.as_ref().map(|(_, value)| value.as_str());
            button.words == wanted || value == Some(wanted)
        };
        self.buttons.iter().find(fits)
    }

    fn take(&mut self, piece: &Piece, after: &[Piece]) {
        let name = piece.attribute("name").map(str::to_owned);
        let value = piece.attribute("value").unwrap_or_default().to_owned();
        if piece.opens("input") {
            let is_left_out = match piece.attribute("type").unwrap_or_default() {
                "checkbox" | "radio" => piece.attribute("checked").is_none(),
                "submit" | "button" | "reset" | "image" | "file" => true,
                _ => false,
            };
            self.fields
                .extend(name.filter(|_| !is_left_out).map(|name| (name, value)));
        } else if piece.opens("select") {
            let options = after
                .split(|piece| piece.closes("select"))
                .next()
                .unwrap_or_default();
            let chosen = chosen(options);
            self.fields.extend(name.zip(chosen));
        } else if piece.opens("button") && piece.attribute("type").is_none_or(|kind| kind == "submit") {
            let inside = after
                .split(|piece| piece.closes("button"))
                .next()
                .unwrap_or_default();
            self.buttons.push(Button {
                words: texts(inside),
                field: name.map(|name| (name, value)),
            });
        }
    }
}

/// The option that is selected, else the first.
fn chosen(inside: &[Piece]) -> Option<String> {
    let options: Vec<_> = inside.iter().filter(|piece| piece.opens("option")).collect();
    let selected = options
        .iter()
        .find(|option| option.attribute("selected").is_some());
    let chosen = selected.or(options.first())?;
    chosen.attribute("value").map(str::to_owned)
}

fn texts(inside: &[Piece]) -> String {
    let texts = inside.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        Piece::Open(..) | Piece::Close(_) => None,
    });
    let joined: Vec<_> = texts.collect();
    joined.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where an answer to a request for `url` redirects to.
pub(super) fn redirect(url: &Url, reply: &Reply) -> Option<Url> {
    let location = reply.header("location")?;
    let is_redirect = matches!(reply.status, 301 | 302 | 303 | 307 | 308);
    is_redirect.then(|| url.join(location).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        let reply = Reply {
            status: 200,
            headers: Vec::new(),
            body: html.as_bytes().to_vec(),
        };
        Page::new(Url::parse("http://127.0.0.1:1/a/b?c").unwrap(), reply, Vec::new())
    }

    #[test]
    fn a_form_is_found_with_its_fields_and_buttons() {
        let page = page(
            "<form method=post action=/pick><input type=hidden name=t value='1&amp;2'><input type=checkbox name=no>\
             <select name=m><option value=a>A<option value=b selected>B</select>\
             <button name=person value=amara>Amara <b>Example</b></button><button type=button>No</button></form>",
        );
        let form = page.form_with("t").unwrap();
        assert_eq!(
            (form.action.as_str(), form.is_post),
            ("http://127.0.0.1:1/pick", true)
        );
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(form.fields, [pair("t", "1&2"), pair("m", "b")]);
        assert_eq!(form.buttons.len(), 1);
        assert_eq!(form.button("Amara Example"), form.button("amara"));
        assert_eq!(form.button("amara").unwrap().field, Some(pair("person", "amara")));
        assert!(page.form_with("no").is_none());
    }

    #[test]
    fn words_headings_and_links_are_read() {
        let page =
            page("<title>No</title><main><h1>Log  in</h1><p>Please <a href='../x'>go on</a>.</p></main>end");
        assert_eq!(page.heading(), "Log in");
        assert_eq!(page.words(), "Log in Please go on .");
        assert_eq!(page.link("go on").unwrap().as_str(), "http://127.0.0.1:1/x");
        assert!(page.link("go").is_none());
    }

    #[test]
    fn only_a_redirecting_status_redirects() {
        let mut page = page("");
        page.reply
            .headers
            .push(("location".to_owned(), "/there".to_owned()));
        assert_eq!(page.redirect(), None);
        page.reply.status = 303;
        assert_eq!(page.redirect().unwrap().as_str(), "http://127.0.0.1:1/there");
    }
}
