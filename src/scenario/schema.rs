//! The JSON Schema of scenario files, from the types that read them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::kernel::Micro;
use crate::model::failure::FailureCause;
use crate::scenario::file::ScenarioFile;
use crate::scenario::value::{
    Bounds, Count, Instances, LaunchFailures, Length, Password, Series, Shift, Span, When,
};

/// The schema of a whole scenario.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(ScenarioFile).to_value();
    // The key that tells the kinds of commands apart is no field, so it has no words of its own.
    let commands = schema.pointer_mut("/$defs/AtTable/oneOf").and_then(Value::as_array_mut);
    for command in commands.into_iter().flatten() {
        if let Some(Value::Object(kind)) = command.pointer_mut("/properties/do") {
            kind.insert("description".to_owned(), "What is done.".into());
        }
    }
    schema
}

/// A schema that is written out where it is used.
macro_rules! inline_schema {
    ($type:ty, $name:literal, $schema:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

inline_schema!(Micro, "Decimal", { "type": "number" });
inline_schema!(Span, "Duration", {
    "anyOf": [
        { "type": "string", "pattern": "^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$" },
        { "type": "number", "minimum": 0 },
    ],
});
inline_schema!(Shift, "SignedDuration", {
    "anyOf": [
        { "type": "string", "pattern": "^[+-]?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$" },
        { "type": "number" },
    ],
});
inline_schema!(When, "Time", {
    "type": "string",
    "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}|\\+[0-9.]+([a-z]+[0-9]*)*)$",
});
inline_schema!(Instances, "Instances", {
    "anyOf": [
        { "type": "integer", "minimum": 1 },
        { "type": "array", "items": { "type": "integer", "minimum": 1 }, "minItems": 1 },
    ],
});
inline_schema!(Password, "Password", {
    "anyOf": [{ "type": "boolean" }, { "const": "set" }],
});
inline_schema!(Series, "Series", {
    "anyOf": [
        { "type": "string" },
        { "type": "array", "items": { "type": ["number", "null"] } },
    ],
});
inline_schema!(Count, "Count", {
    "anyOf": [{ "type": "number", "minimum": 0 }, { "type": "string" }],
});
inline_schema!(Length, "PhaseLength", {
    "anyOf": [
        { "type": "string" },
        { "type": "number", "minimum": 0 },
        {
            "type": "object",
            "properties": {
                "median": {
                    "description": "A duration above 0 that half of the lengths do not exceed.",
                    "type": ["string", "number"],
                },
                "sigma": {
                    "description": "Standard deviation of the logarithm.",
                    "type": "number",
                    "minimum": 0,
                    "maximum": 3,
                },
            },
            "required": ["median", "sigma"],
            "additionalProperties": false,
        },
    ],
});
inline_schema!(Bounds, "Bounds", {
    "anyOf": [
        { "type": "number" },
        {
            "type": "object",
            "properties": {
                "min": { "description": "The least allowed.", "type": "number" },
                "max": { "description": "The most allowed.", "type": "number" },
            },
            "additionalProperties": false,
        },
    ],
});

/// The causes are those of the type that reads them.
impl JsonSchema for LaunchFailures {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("LaunchFailures")
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut cause = generator.subschema_for::<FailureCause>();
        cause.insert("description".to_owned(), "Why they fail. Default `short`.".into());
        json_schema!({
            "anyOf": [
                { "type": "number", "minimum": 0, "maximum": 1 },
                {
                    "type": "object",
                    "properties": {
                        "probability": {
                            "description": "How probable it is that a launch fails.",
                            "type": "number",
                            "minimum": 0,
                            "maximum": 1,
                        },
                        "cause": cause,
                    },
                    "required": ["probability"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}
