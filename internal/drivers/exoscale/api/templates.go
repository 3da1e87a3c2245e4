package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Template is a disk image for new instances ("Exoscale API: template"). All fields are optional. There is no state: a
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
	// ApplicationConsistentSnapshotEnabled is a switch of instances created from the template.
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
	// Visibility is private or public. The vendor's default is public.
	Visibility string
	Family     string
}

// RegisterTemplateBody describes the file and the template to create from it.
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

// UpdateTemplateBody changes a template. nil leaves a field unchanged.
type UpdateTemplateBody struct {
	Name        *string `json:"name,omitempty"`
	Description *string `json:"description,omitempty"`
}

// PromoteBody describes a template created from a snapshot. The vendor documents no default of the two switches, so
// they are always sent.
type PromoteBody struct {
	Name string `json:"name"`
	// Description nil means that the vendor writes one.
	Description     *string `json:"description,omitempty"`
	DefaultUser     string  `json:"default-user,omitempty"`
	SSHKeyEnabled   bool    `json:"ssh-key-enabled"`
	PasswordEnabled bool    `json:"password-enabled"`
}

// ListTemplates lists templates of the zone ("Exoscale API: list-templates"), without pages. May be repeated.
func (z *Zone) ListTemplates(ctx context.Context, query TemplateQuery) (TemplateList, error) {
	return list(ctx, z, "/template", query.values(), func(l TemplateList) error {
		return httpx.HaveIDs("template", l.Templates, func(t Template) string { return t.ID })
	})
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

// RegisterTemplate starts to download a file and to create a template from it ("Exoscale API: register-template"). The
// operation refers to the template. Never repeated after an ambiguous failure.
func (z *Zone) RegisterTemplate(ctx context.Context, body RegisterTemplateBody) (Operation, error) {
	return z.once(ctx, "/template", body)
}

// UpdateTemplate starts to change a template's name and description ("Exoscale API: update-template"). May be repeated.
func (z *Zone) UpdateTemplate(ctx context.Context, id string, body UpdateTemplateBody) (Operation, error) {
	return z.again(ctx, http.MethodPut, "/template/"+url.PathEscape(id), body)
}

// DeleteTemplate starts to delete a template ("Exoscale API: delete-template"). May be repeated.
func (z *Zone) DeleteTemplate(ctx context.Context, id string) (Operation, error) {
	return z.again(ctx, http.MethodDelete, "/template/"+url.PathEscape(id), nil)
}
