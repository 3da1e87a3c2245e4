package sim

import (
	"net/http"
	"net/url"
	"strings"
)

// handler answers one operation; id is the object's, where the path has one.
type handler func(x *exchange, id string)

// route finds the operation of a method and a path such as /snapshot/<id>:export.
func (s *Simulator) route(x *exchange, path string) {
	collection, rest, nested := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	rest, verb, _ := strings.Cut(rest, ":")
	id, err := url.PathUnescape(rest)
	if err != nil || (nested && id == "") || strings.Contains(rest, "/") {
		notFound(x.w)
		return
	}
	pattern := "/" + collection
	if nested {
		pattern += "/{id}"
	}
	if verb != "" {
		pattern += ":" + verb
	}
	methods, ok := s.operations()[pattern]
	if !ok {
		notFound(x.w)
		return
	}
	handle, ok := methods[x.r.Method]
	if !ok {
		message(x.w, http.StatusMethodNotAllowed, "method not allowed")
		return
	}
	if nested && collection != "quota" && !isUUID(id) {
		invalid(x.w, "the ID is not a UUID", field{"id", "must be a UUID"})
		return
	}
	handle(x, strings.ToLower(id))
}

// operations are the vendor's operations by path and method.
func (s *Simulator) operations() map[string]map[string]handler {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	return map[string]map[string]handler{
		"/operation/{id}":                {get: s.getOperation},
		"/instance":                      {get: s.listInstances},
		"/instance/{id}":                 {get: s.getInstance, del: s.deleteInstance},
		"/instance/{id}:create-snapshot": {post: s.createSnapshot},
		"/instance/{id}:revert-snapshot": {post: s.revertSnapshot},
		"/instance/{id}:start":           {put: s.startInstance},
		"/instance/{id}:stop":            {put: s.stopInstance},
		"/instance-type":                 {get: s.listInstanceTypes},
		"/instance-type/{id}":            {get: s.getInstanceType},
		"/snapshot":                      {get: s.listSnapshots},
		"/snapshot/{id}":                 {get: s.getSnapshot, del: s.deleteSnapshot},
		"/snapshot/{id}:export":          {post: s.exportSnapshot},
		"/snapshot/{id}:promote":         {post: s.promoteSnapshot},
		"/template":                      {get: s.listTemplates, post: s.registerTemplate},
		"/template/{id}":                 {get: s.getTemplate, put: s.updateTemplate, post: s.copyTemplate, del: s.deleteTemplate},
		"/quota":                         {get: s.listQuotas},
		"/quota/{id}":                    {get: s.getQuota},
	}
}
