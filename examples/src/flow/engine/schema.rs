//! The columns of a stream of records.

/// What the present values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Integers; a float may appear among them.
    Int,
    Float,
    Truth,
    Text,
    /// No value has been seen in the sample: taken for numbers.
    Unknown,
}

impl Kind {
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Float | Self::Unknown)
    }

    /// What to call it in a message.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Int | Self::Float | Self::Unknown => "numbers",
            Self::Truth => "true and false",
            Self::Text => "text",
        }
    }
}

/// Names and kinds of the columns, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    columns: Vec<(String, Kind)>,
}

impl Schema {
    pub(crate) fn new(columns: Vec<(String, Kind)>) -> Self {
        Self { columns }
    }

    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    pub(crate) fn push(&mut self, name: &str, kind: Kind) {
        self.columns.push((name.to_owned(), kind));
    }

    pub(crate) fn set_kind(&mut self, at: usize, kind: Kind) {
        self.columns[at].1 = kind;
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(known, _)| known == name)
    }

    pub(crate) fn kind(&self, at: usize) -> Kind {
        self.columns[at].1
    }

    pub(crate) fn name(&self, at: usize) -> &str {
        &self.columns[at].0
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        self.columns.iter().map(|&(_, kind)| kind)
    }
}
