//! String enums: enums that are words on the wire, in the database and in forms.

/// The common interface of all string enums.
pub trait StringEnum: Copy {
    /// The word on the wire and in the database.
    fn as_str(self) -> &'static str;

    /// Reads a word. The comparison is exact.
    fn from_word(word: &str) -> Option<Self>;
}

macro_rules! string_enum {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {$(
            $(#[$word_doc])*
            #[serde(rename = $word)]
            $variant,
        )*}

        impl $name {
            /// All values, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word on the wire and in the database.
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$variant => $word,)*}
            }

            /// Reads a word. The comparison is exact.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Reads a word. The error lists all valid words.
            pub fn check(word: &str) -> Result<Self, crate::field::FieldError> {
                Self::from_word(word).ok_or_else(|| {
                    let words = [$($word),*].join(", ");
                    crate::field::FieldError::new(crate::field::Rule::Enum, format!("Use one of: {words}."))
                })
            }
        }

        impl crate::string_enum::StringEnum for $name {
            fn as_str(self) -> &'static str {
                self.as_str()
            }

            fn from_word(word: &str) -> Option<Self> {
                Self::from_word(word)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::openapi::words(concat!($($doc),*), &[$($word),*])
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use string_enum;
