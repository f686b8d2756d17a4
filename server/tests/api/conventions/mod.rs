mod body;
mod credential;
mod documents;
mod rate;
mod repeated;
mod routing;
mod secrecy;
