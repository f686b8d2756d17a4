mod body;
mod credential;
mod documents;
mod rate;
mod routing;
mod secrecy;
