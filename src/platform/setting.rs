//! One setting, described: for the page of all settings, and for the messages about a file that lacks or misspells it.

/// What a table may hold, in groups, because several rooms may each own a part of one table.
pub type Rows = &'static [&'static [Setting]];

/// A key of the configuration and all that an operator needs to know about it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The key within its table.
    pub key: &'static str,
    /// What stands behind the key.
    pub shape: Shape,
    /// True if the file must say it.
    pub is_required: bool,
    /// What holds where the file does not say it.
    pub default: &'static str,
    /// A value as TOML, good enough to load.
    pub example: &'static str,
    /// What it decides.
    pub about: &'static str,
    /// Who gives you the value, and when to change it.
    pub given_by: &'static str,
}

/// What stands behind a key.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text.
    Text,
    /// A whole number, zero or more.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list of texts.
    Texts,
    /// Octets from `{ file = "…" }` or `{ env = "…" }`.
    Source,
    /// A table.
    Table(Rows),
    /// Any number of tables, written `[[…]]`.
    Tables(Rows),
    /// One table for each name that the operator chooses.
    Named(Rows),
}

impl Setting {
    /// A setting the file must say. `example` is TOML.
    pub const fn required(key: &'static str, shape: Shape, example: &'static str) -> Self {
        Self {
            key,
            shape,
            is_required: true,
            default: "",
            example,
            about: "",
            given_by: "",
        }
    }

    /// A setting with a default, which is TOML and serves as its own example.
    pub const fn optional(key: &'static str, shape: Shape, default: &'static str) -> Self {
        Self {
            is_required: false,
            default,
            ..Self::required(key, shape, default)
        }
    }

    /// The same setting with another example than its default.
    #[must_use]
    pub const fn such_as(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// The same setting with its meaning.
    #[must_use]
    pub const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// The same setting with its origin: who gives the value, when to change it.
    #[must_use]
    pub const fn given_by(mut self, given_by: &'static str) -> Self {
        self.given_by = given_by;
        self
    }

    /// The same setting with another default, which may be words: what holds is decided elsewhere.
    #[must_use]
    pub const fn defaults_to(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// The line to write.
    pub fn line(&self) -> String {
        match self.shape {
            Shape::Table(_) | Shape::Named(_) => format!("a table [{}]", self.key),
            Shape::Tables(_) => format!("a list of tables [[{}]]", self.key),
            Shape::Text | Shape::Number | Shape::Flag | Shape::Texts | Shape::Source => {
                format!("{} = {}", self.key, self.example)
            }
        }
    }
}

/// The row of `key`, if the table may hold it.
pub fn row(rows: Rows, key: &str) -> Option<&'static Setting> {
    rows.iter().copied().flatten().find(|row| row.key == key)
}
