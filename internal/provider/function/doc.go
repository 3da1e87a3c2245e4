// Package function has the functions of the provider, which split and join import IDs: parse_id and build_id. They send
// no request and need no configuration. What an ID means comes from the nouns of the resources, as for an import.
package function
