//! Turns parser errors into plain messages: the libraries' own mention lines, columns and types.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::{Shared, error::Failure};

/// Query parameters.
#[derive(Debug)]
pub(crate) struct Address<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Address<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Failure> {
        let read = Query::try_from_uri(&parts.uri);
        let Query(said) = read.map_err(|bad| {
            let told = bad.body_text();
            let fault = told.split_once("query string: ").map_or(&*told, |(_, fault)| fault);
            Failure::Malformed(format!("The address cannot be read: {}.", fault_of(fault)))
        })?;
        Ok(Self(said))
    }
}

/// Describes the fault in a body, or a part of one.
pub(crate) fn fault(error: &serde_json::Error) -> String {
    if error.is_syntax() || error.is_eof() {
        return "it is not JSON".to_owned();
    }
    let told = error.to_string();
    let told = told.rsplit_once(" at line ").map_or(&*told, |(told, _)| told);
    fault_of(told)
}

/// Passes on errors of our own types, and rewords those of the libraries.
fn fault_of(told: &str) -> String {
    let named = told.split('`').nth(1).unwrap_or_default();
    if told.starts_with("missing field") {
        format!("`{named}` is missing")
    } else if told.starts_with("unknown field") {
        format!("there is no `{named}` here")
    } else if told.starts_with("duplicate field") {
        format!("`{named}` is there twice")
    } else if told.starts_with("unknown variant") {
        format!("`{named}` is not one of the choices")
    } else if told.starts_with("invalid ") || told.contains("did not match any variant") {
        "a value has the wrong type".to_owned()
    } else if let Some((field, _)) = told.split_once(": ") {
        // The prefix of errors from the query-string library.
        format!("`{field}` has the wrong type")
    } else {
        told.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proto::{http::RedeemRequest, role::Audience, text::Line};
    use serde::Deserialize;

    use super::*;

    fn words<T: DeserializeOwned>(text: &str) -> String {
        fault(&serde_json::from_str::<T>(text).err().unwrap())
    }

    #[test]
    fn faults_in_a_body_are_described_without_lines_and_types() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Two {
            #[expect(dead_code, reason = "it is only read")]
            face: Audience,
            #[expect(dead_code, reason = "it is only read")]
            at: i64,
        }
        for text in ["hello", "{\"face\"", "", "{]"] {
            assert_eq!(words::<Two>(text), "it is not JSON", "{text}");
        }
        assert_eq!(words::<RedeemRequest>("{}"), "`secret` is missing");
        assert_eq!(words::<Two>(r#"{"face":"wall","at":1,"to":2}"#), "there is no `to` here");
        assert_eq!(words::<Two>(r#"{"face":"door","at":1}"#), "`door` is not one of the choices");
        assert_eq!(words::<Two>(r#"{"face":"wall","face":"wall"}"#), "`face` is there twice");
        let kind = "a value has the wrong type";
        for text in [r#"{"face":"wall","at":"1"}"#, r#"{"face":"wall","at":1e30}"#, "[]", "1"] {
            assert_eq!(words::<Two>(text), kind, "{text}");
        }
        let long = serde_json::to_string(&"x".repeat(3_000)).unwrap();
        assert!(words::<Line>(&long).ends_with("characters"), "{}", words::<Line>(&long));
    }

    #[test]
    fn faults_in_a_query_are_described_by_field_name() {
        assert_eq!(
            fault_of("before: invalid digit found in string"),
            "`before` has the wrong type"
        );
        assert_eq!(fault_of("missing field `before`"), "`before` is missing");
    }
}
