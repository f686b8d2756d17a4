//! The code as a program: with a few lines around it, which call what it defines and print what comes of it.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::binary::Place;

/// A language in which the page shows code.
pub struct Language {
    /// The word in the page's address.
    pub word: &'static str,
    /// What runs it.
    pub command: &'static str,
    arguments: &'static [&'static str],
    /// Where the code is put.
    file: &'static str,
    /// What is put beside it.
    beside: &'static [(&'static str, &'static str)],
}

/// All of them.
pub const LANGUAGES: [Language; 4] = [
    Language { word: "curl", command: "sh", arguments: &["verify.sh"], file: "verify.sh", beside: &[] },
    Language {
        word: "javascript",
        command: "node",
        arguments: &["main.mjs"],
        file: "verify.mjs",
        beside: &[(
            "main.mjs",
            "import { verifyKey } from \"./verify.mjs\";\n\
             console.log(JSON.stringify(await verifyKey(process.env.KEY)));\n",
        )],
    },
    Language {
        word: "python",
        command: "python3",
        arguments: &["main.py"],
        file: "verify.py",
        beside: &[(
            "main.py",
            "import json\nimport os\nfrom verify import verify_key\nprint(json.dumps(verify_key(os.environ[\"KEY\"])))\n",
        )],
    },
    Language {
        word: "go",
        command: "go",
        arguments: &["run", "."],
        file: "keys/verify.go",
        beside: &[
            ("go.mod", "module example.com/api\n\ngo 1.21\n"),
            (
                "main.go",
                "package main\n\nimport (\n\t\"encoding/json\"\n\t\"os\"\n\n\t\"example.com/api/keys\"\n)\n\n\
                 func main() {\n\tverdict, err := keys.Verify(os.Getenv(\"KEY\"), \"203.0.113.7\")\n\
                 \tif err != nil {\n\t\tpanic(err)\n\t}\n\tjson.NewEncoder(os.Stdout).Encode(verdict)\n}\n",
            ),
        ],
    },
];

impl Language {
    /// The program, unless it is Go's and Go is missing: nothing else of this project needs it.
    pub fn program<'a>(&'a self, place: &'a Place, code: &str) -> Option<Program<'a>> {
        if self.command == "go" && Command::new("go").arg("version").output().is_err() {
            return None;
        }
        let folder = place.path(self.word);
        for (name, text) in [(self.file, code)].iter().chain(self.beside) {
            let file = folder.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        Some(Program { language: self, place, folder })
    }
}

/// The code with what calls it.
pub struct Program<'a> {
    language: &'a Language,
    place: &'a Place,
    folder: PathBuf,
}

/// How it ended, with what it printed or complained of.
pub enum Ended {
    Well(String),
    Badly(String),
}

impl Program<'_> {
    /// Runs it for somebody with a key of their own who was shown another.
    pub fn run(&self, own: &str, shown: &str) -> Ended {
        let mut command = self.place.command(self.language.command);
        command.args(self.language.arguments).current_dir(&self.folder);
        command.env("KEYSTEAD_KEY", own).env("KEY", shown).env("no_proxy", "*");
        // Nothing is fetched.
        command.env("GOPROXY", "off").env("GOTOOLCHAIN", "local").env("PYTHONDONTWRITEBYTECODE", "1");
        let output = command.output().unwrap_or_else(|error| panic!("{}: {error}", self.language.command));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            Ended::Well(text(&output.stdout))
        } else {
            Ended::Badly(text(&output.stderr))
        }
    }
}

impl Ended {
    /// The verdict that it printed.
    pub fn verdict(self) -> Value {
        match self {
            Self::Well(text) => serde_json::from_str(&text).unwrap(),
            Self::Badly(text) => panic!("{text}"),
        }
    }
}
