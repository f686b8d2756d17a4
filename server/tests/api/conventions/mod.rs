mod body;
mod credential;
mod description;
mod documents;
mod rate;
<<<<<<< HEAD
mod repeated;
=======
mod reference;
>>>>>>> 0f44eaa (server/api: Describe every operation as OpenAPI 3.1, with a page at /docs)
mod routing;
mod secrecy;
