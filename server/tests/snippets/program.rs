//! Makes a program of the code: a few lines around it call what it defines and print the result.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::binary::TestFolder;

/// A language in which the page shows code.
pub struct Language {
    /// The name of the language in the page's address.
    pub word: &'static str,
    /// The command that runs the program.
    pub command: &'static str,
    arguments: &'static [&'static str],
    /// The file into which the code is written.
    file: &'static str,
    /// Further files, each with its name and its text.
    beside: &'static [(&'static str, &'static str)],
}

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
    /// Writes the files of the program. Returns `None` for Go if it is not installed, because nothing else in this
    /// project needs Go.
    pub fn program<'a>(&'a self, place: &'a TestFolder, code: &str) -> Option<Program<'a>> {
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

/// The code together with the lines that call it.
pub struct Program<'a> {
    language: &'a Language,
    place: &'a TestFolder,
    folder: PathBuf,
}

/// How the program ended, with its standard output or its standard error.
pub enum Ended {
    Well(String),
    Badly(String),
}

impl Program<'_> {
    /// Runs the program as an API with the key `own`, to which a client has sent the key `shown`.
    pub fn run(&self, own: &str, shown: &str) -> Ended {
        let mut command = self.place.command(self.language.command);
        command.args(self.language.arguments).current_dir(&self.folder);
        command.env("KEYSTEAD_KEY", own).env("KEY", shown).env("no_proxy", "*");
        // Prevents downloads and other writes outside the folder.
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
    /// Parses the verdict that the program printed.
    pub fn verdict(self) -> Value {
        match self {
            Self::Well(text) => serde_json::from_str(&text).unwrap(),
            Self::Badly(text) => panic!("{text}"),
        }
    }
}
