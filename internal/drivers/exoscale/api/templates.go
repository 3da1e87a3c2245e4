package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Template is what instances start from ("Exoscale API: template"). All fields are optional, and none tells a state: a
// template that can be read is complete.
type Template struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Family      string `json:"family"`
	// Size is in bytes.
	Size *int64 `json:"size"`
	// Checksum is the file's MD5, in hexadecimal.
	Checksum string `json:"checksum"`
	// BootMode is legacy or uefi.
	BootMode        string `json:"boot-mode"`
	Build           string `json:"build"`
	Version         string `json:"version"`
	Maintainer      string `json:"maintainer"`
	DefaultUser     string `json:"default-user"`
	SSHKeyEnabled   *bool  `json:"ssh-key-enabled"`
	PasswordEnabled *bool  `json:"password-enabled"`
	URL             string `json:"url"`
	// ApplicationConsistentSnapshotEnabled is a switch of the instances made from the template.
	ApplicationConsistentSnapshotEnabled *bool `json:"application-consistent-snapshot-enabled"`
	// Visibility is private or public.
	Visibility string   `json:"visibility"`
	Zones      []string `json:"zones"`
	CreatedAt  string   `json:"created-at"`
}

// TemplateList is a listing of templates; the vendor has no pages.
type TemplateList struct {
	Templates []Template `json:"templates"`
}

// TemplateQuery narrows a listing; empty fields are not sent.
type TemplateQuery struct {
	// Visibility is private or public; the vendor takes an absent one for public.
	Visibility string
	Family     string
}

// RegisterTemplateBody says which file to make a template of.
type RegisterTemplateBody struct {
	Name            string `json:"name"`
	Description     string `json:"description,omitempty"`
	URL             string `json:"url"`
	Version         string `json:"version,omitempty"`
	Checksum        string `json:"checksum"`
	DefaultUser     string `json:"default-user,omitempty"`
	BootMode        string `json:"boot-mode,omitempty"`
	SSHKeyEnabled   bool   `json:"ssh-key-enabled"`
	PasswordEnabled bool   `json:"password-enabled"`
	Build           string `json:"build,omitempty"`
	Maintainer      string `json:"maintainer,omitempty"`

	ApplicationConsistentSnapshotEnabled *bool `json:"application-consistent-snapshot-enabled,omitempty"`
}

// UpdateTemplateBody changes a template; nil leaves a field as it is.
type UpdateTemplateBody struct {
	Name        *string `json:"name,omitempty"`
	Description *string `json:"description,omitempty"`
}

// PromoteBody says what a template made of a snapshot is like. The two switches have no default that the vendor states,
// so they are always sent.
type PromoteBody struct {
	Name string `json:"name"`
	// Description is written by the vendor where it is nil.
	Description     *string `json:"description,omitempty"`
	DefaultUser     string  `json:"default-user,omitempty"`
	SSHKeyEnabled   bool    `json:"ssh-key-enabled"`
	PasswordEnabled bool    `json:"password-enabled"`
}

// ListTemplates lists templates of the zone ("Exoscale API: list-templates"), without pages. May be repeated.
func (z *Zone) ListTemplates(ctx context.Context, query TemplateQuery) (TemplateList, error) {
	return list[TemplateList](ctx, z, "/template", query.values())
}

func (q TemplateQuery) values() url.Values {
	out := url.Values{}
	if q.Visibility != "" {
		out.Set("visibility", q.Visibility)
	}
	if q.Family != "" {
		out.Set("family", q.Family)
	}
	return out
}

// GetTemplate reads a template ("Exoscale API: get-template"). May be repeated.
func (z *Zone) GetTemplate(ctx context.Context, id string) (Template, error) {
	return httpx.Get(ctx, z.rest, "/template/"+url.PathEscape(id), nil, func(t Template) error {
		return httpx.SameID("template", t.ID, id)
	})
}

// RegisterTemplate starts fetching a file and making a template of it ("Exoscale API: register-template"). The
// operation refers to the template. Never repeated after an ambiguous failure.
func (z *Zone) RegisterTemplate(ctx context.Context, body RegisterTemplateBody) (Operation, error) {
	return z.once(ctx, "/template", body)
}

// UpdateTemplate starts changing a template's name and description ("Exoscale API: update-template"). May be repeated.
func (z *Zone) UpdateTemplate(ctx context.Context, id string, body UpdateTemplateBody) (Operation, error) {
	return z.again(ctx, http.MethodPut, "/template/"+url.PathEscape(id), body)
}

// DeleteTemplate starts deleting a template ("Exoscale API: delete-template"). May be repeated.
func (z *Zone) DeleteTemplate(ctx context.Context, id string) (Operation, error) {
	return z.again(ctx, http.MethodDelete, "/template/"+url.PathEscape(id), nil)
}
