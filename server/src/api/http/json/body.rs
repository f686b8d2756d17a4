//! Declares the objects in request bodies. The description of an object and its reader are made from one declaration,
//! so that a field cannot be missing from one of them.

use model::field::FieldErrors;

use super::members::{Members, object_of};
use crate::api::http::failure::Failure;

/// An object in a request body. [`request_body`] implements it.
pub(in crate::api) trait RequestObject: Sized {
    type Draft;

    /// Reads all members into the draft. The members that are left are unknown.
    fn read(members: &mut Members) -> Self::Draft;

    /// Reads a whole body, and checks the draft. Returns all errors together.
    fn checked<T>(
        mut body: Members,
        check: impl FnOnce(Self::Draft) -> Result<T, FieldErrors>,
    ) -> Result<T, Failure> {
        let draft = Self::read(&mut body);
        body.finish(check(draft))
    }
}

impl Members {
    /// An object.
    pub(in crate::api) fn object<T: RequestObject>(&mut self, name: &str) -> Option<T::Draft> {
        let value = self.take(name)?;
        let mut inner = self.errors.take(name, object_of(value)).map(Self::new)?;
        let draft = T::read(&mut inner);
        self.put_back(&[name.into()], inner);
        Some(draft)
    }

    /// As [`Self::object`], but its errors are reported before those of the members that were read earlier.
    pub(in crate::api) fn object_reported_first<T: RequestObject>(&mut self, name: &str) -> Option<T::Draft> {
        let earlier = std::mem::take(&mut self.errors);
        let draft = self.object::<T>(name);
        self.errors.merge(earlier);
        draft
    }

    /// A list of objects. An item of the wrong type becomes an empty draft, so that the other items keep their indexes.
    pub(in crate::api) fn objects<T>(&mut self, name: &str) -> Option<Vec<T::Draft>>
    where
        T: RequestObject<Draft: Default>,
    {
        let items = self.list(name)?.into_iter().enumerate();
        let drafts = items.map(|(index, item)| {
            let location = [name.into(), index.into()];
            match object_of(item) {
                Ok(members) => {
                    let mut inner = Self::new(members);
                    let draft = T::read(&mut inner);
                    self.put_back(&location, inner);
                    draft
                }
                Err(error) => {
                    self.errors.push_at(location.to_vec(), error);
                    T::Draft::default()
                }
            }
        });
        Some(drafts.collect())
    }

    /// A list of objects. An absent list is empty.
    pub(in crate::api) fn objects_if_any<T>(&mut self, name: &str) -> Vec<T::Draft>
    where
        T: RequestObject<Draft: Default>,
    {
        self.objects::<T>(name).unwrap_or_default()
    }
}

/// Declares a struct that describes an object in a request body, and reads that object into a draft:
///
/// ```text
/// request_body! {
///     /// The description of the object.
///     struct KeyRequest for KeyDraft {
///         /// The description of the field.
///         #[schema(max_length = 500)]
///         expires_at as "expiresAt": Option<Timestamp> = text or null,
///     }
/// }
/// ```
///
/// A field has the name that it has in the draft, its name in JSON if that is another one, the type that describes it,
/// and the method of [`Members`] that reads it. `or null` says that null means absence. Members are read in the order
/// of the declaration. If a body has fewer fields than the draft, `, others absent` follows the name of the draft.
macro_rules! request_body {
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@ignore null $members:ident $name:expr) => { $members.ignore_null($name) };
    (@absent $draft:ident) => { <$draft>::default() };
    (
        $(#[$about:meta])*
        $vis:vis struct $name:ident for $draft:ident $(, others $others:ident)? {
            $(
                $(#[$of_field:meta])*
                $field:ident $(as $wire:literal)?: $described:ty = $read:ident $(::<$object:ty>)? $(or $null:ident)?
            ),+ $(,)?
        }
    ) => {
        #[derive(utoipa::ToSchema)]
        $(#[$about])*
        #[expect(dead_code, reason = "only describes the fields; `read` makes the draft")]
        $vis struct $name {
            $(
                $(#[$of_field])*
                $(#[schema(rename = $wire)])?
                $field: $described,
            )+
        }

        impl $crate::api::http::json::RequestObject for $name {
            type Draft = $draft;

            fn read(members: &mut $crate::api::http::json::Members) -> $draft {
                $draft {
                    $(
                        $field: {
                            const NAME: &str = request_body!(@wire $field $($wire)?);
                            $(request_body!(@ignore $null members NAME);)?
                            members.$read$(::<$object>)?(NAME)
                        },
                    )+
                    $(..request_body!(@$others $draft))?
                }
            }
        }
    };
}

pub(in crate::api) use request_body;

#[cfg(test)]
mod tests {
    use model::field::{FieldError, Rule, Step};
    use serde_json::{Value, json};
    use utoipa::PartialSchema;

    use super::super::tree::Json;
    use super::*;

    #[derive(Debug, Default, PartialEq)]
    struct VisitDraft {
        name: Option<String>,
        starts_at: Option<String>,
        guest: Option<GuestDraft>,
        others: Vec<GuestDraft>,
        from_elsewhere: Option<u8>,
    }

    #[derive(Debug, Default, PartialEq)]
    struct GuestDraft {
        age: Option<i64>,
    }

    request_body! {
        /// A visit.
        struct VisitRequest for VisitDraft, others absent {
            /// Its name.
            #[schema(max_length = 5)]
            name: String = text,
            starts_at as "startsAt": Option<String> = text or null,
            guest: Option<GuestRequest> = object_reported_first::<GuestRequest> or null,
            others: Option<Vec<GuestRequest>> = objects_if_any::<GuestRequest>,
        }
    }

    request_body! {
        /// A guest.
        struct GuestRequest for GuestDraft {
            age: Option<u32> = integer,
        }
    }

    fn read(body: &Value) -> Result<VisitDraft, Vec<(Vec<Step>, Rule)>> {
        let Ok(Json::Object(members)) = serde_json::from_value(body.clone()) else { panic!("no object") };
        VisitRequest::checked(Members::new(members), Ok).map_err(|failure| {
            let Failure::Body(errors) = failure else { panic!("{failure:?}") };
            errors.iter().map(|FieldError { location, rule, .. }| (location.clone(), *rule)).collect()
        })
    }

    #[test]
    fn a_field_is_described_and_read_by_its_name_in_json() {
        let described = serde_json::to_value(VisitRequest::schema()).unwrap();
        let names: Vec<_> = described["properties"].as_object().unwrap().keys().collect();
        assert_eq!((names.len(), &described["required"]), (4, &json!(["name"])));
        assert_eq!(described["properties"]["name"]["maxLength"], 5);
        assert_eq!(described["properties"]["name"]["description"], "Its name.");
        assert_eq!(described["properties"]["startsAt"]["type"], json!(["string", "null"]));
        let body = json!({"name": "a", "startsAt": "b", "guest": {"age": 1}, "others": [{"age": 2}, {}]});
        assert_eq!(
            read(&body),
            Ok(VisitDraft {
                name: Some("a".into()),
                starts_at: Some("b".into()),
                guest: Some(GuestDraft { age: Some(1) }),
                others: vec![GuestDraft { age: Some(2) }, GuestDraft::default()],
                from_elsewhere: None,
            })
        );
        let nulls = json!({"startsAt": null, "guest": null});
        assert_eq!(read(&nulls), Ok(VisitDraft::default()));
    }

    #[test]
    fn errors_have_the_location_of_their_field() {
        let body = json!({
            "name": null, "starts_at": "b", "startsAt": 1, "guest": {"age": "x", "name": "y"}, "others": [5, {"age": null}],
        });
        let at = |steps: &[&str]| {
            steps.iter().map(|step| step.parse().map_or_else(|_| (*step).into(), Step::Index)).collect()
        };
        let expected: Vec<(Vec<Step>, Rule)> = vec![
            (at(&["guest", "age"]), Rule::IntType),
            (at(&["guest", "name"]), Rule::ExtraForbidden),
            (at(&["name"]), Rule::StringType),
            (at(&["startsAt"]), Rule::StringType),
            (at(&["others", "0"]), Rule::ObjectType),
            (at(&["others", "1", "age"]), Rule::IntType),
            (at(&["starts_at"]), Rule::ExtraForbidden),
        ];
        assert_eq!(read(&body), Err(expected));
    }
}
