// Package kit is what the packages of the nouns share: the configured clouds, the common attributes, the conversions of
// null, plan helpers, and the wording of errors. No code here depends on a cloud's name or on a noun.
package kit
