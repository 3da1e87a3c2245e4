package apidocs

import "github.com/getkin/kin-openapi/openapi3"

// deviation is one place where sandbox and drivers depart from an official document, and why. There is no other.
type deviation struct {
	cloud string
	// why says what is known better than the document says it.
	why string
	// statuses are answers that the document does not declare.
	statuses []int
	// path is part of a path that the document, or the part of it that is at hand, does not describe.
	path string
	// amend changes the document to what is known.
	amend func(*openapi3.T)
}

var deviations = []deviation{
	{
		cloud:    "contabo",
		why:      "The document declares only successes and 415; its introduction names the other codes in prose.",
		statuses: []int{400, 401, 402, 403, 404, 405, 409, 429, 500, 503},
	},
	{
		cloud: "contabo",
		why:   "The token endpoint belongs to another server, which the document only names.",
		path:  "/auth/realms/",
	},
	{
		cloud: "contabo",
		why:   "A snapshot or image without a description shows an empty one, although the document wants at least one character.",
		amend: func(doc *openapi3.T) {
			doc.Components.Schemas["SnapshotResponse"].Value.Properties["description"].Value.MinLength = 0
			doc.Components.Schemas["ImageResponse"].Value.Properties["description"].Value.MinLength = 0
		},
	},
	{
		cloud: "contabo",
		why:   "An instance that is not cancelled shows an empty date, and the document's pattern for it is a literal yyyy-mm-dd.",
		amend: func(doc *openapi3.T) {
			for _, name := range []string{"InstanceResponse", "ListInstancesResponseData"} {
				if schema := doc.Components.Schemas[name]; schema != nil && schema.Value.Properties["cancelDate"] != nil {
					schema.Value.Properties["cancelDate"].Value.Pattern = ""
					schema.Value.Properties["cancelDate"].Value.Format = ""
				}
			}
		},
	},
	{
		cloud:    "exoscale",
		why:      "The document declares only 200; the other codes are known from the vendor's clients.",
		statuses: []int{400, 401, 403, 404, 405, 409, 412, 422, 429, 500, 503},
	},
	{
		cloud: "exoscale",
		why:   "A presigned URL belongs to the object storage, which is another API.",
		path:  "/sos/",
	},
	{
		cloud:    "hostinger",
		why:      "The document declares 200, 401 and 500 for these operations; the other codes occur elsewhere in the same API.",
		statuses: []int{400, 403, 404, 405, 409, 422, 429, 503},
	},
	{
		cloud: "koyeb",
		why:   "A snapshot that is not deleted shows null as the time of its deletion, which the document does not say may be null.",
		amend: func(doc *openapi3.T) {
			for _, schema := range doc.Components.Schemas {
				if p := schema.Value.Properties["deleted_at"]; p != nil {
					p.Value.Nullable = true
				}
			}
		},
	},
}
