package sim

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const (
	// otherFamily is the family of templates whose system the cloud does not recognize.
	otherFamily = "other (64-bit)"

	longName        = 255
	longDescription = 255
)

func (s *Simulator) listTemplates(x *exchange, _ string) {
	query := x.r.URL.Query()
	visibility := public
	if query.Has("visibility") {
		visibility = query.Get("visibility")
	}
	if visibility != public && visibility != private {
		invalid(x.w, "the request does not fit the schema", field{"visibility", "must be private or public"})
		return
	}
	list := []any{}
	for _, t := range x.zone.Templates {
		if t.Pending || t.Visibility != visibility || (query.Has("family") && t.Family != query.Get("family")) {
			continue
		}
		list = append(list, viewTemplate(x.zone, t))
	}
	simkit.JSON(x.w, http.StatusOK, map[string]any{"templates": list})
}

func (s *Simulator) getTemplate(x *exchange, id string) {
	t := x.zone.template(id)
	if t == nil {
		notFound(x.w)
		return
	}
	simkit.JSON(x.w, http.StatusOK, viewTemplate(x.zone, t))
}

func viewTemplate(z *zone, t *template) map[string]any {
	out := map[string]any{
		"id": t.ID, "name": t.Name, "description": t.Description, "family": t.Family, "size": t.SizeBytes,
		"boot-mode": t.BootMode, "ssh-key-enabled": t.SSHKey, "password-enabled": t.Password,
		"application-consistent-snapshot-enabled": t.Consistent,
		"visibility": t.Visibility, "zones": []string{z.Name}, "created-at": stamp(t.CreatedAt),
	}
	for name, value := range map[string]string{
		"checksum": t.Checksum, "build": t.Build, "version": t.Version, "maintainer": t.Maintainer,
		"default-user": t.DefaultUser, "url": t.URL,
	} {
		if value != "" {
			out[name] = value
		}
	}
	return out
}

// text returns the value of a field that a client may leave out, or "".
func text(field *string) string { return simkit.ValueOr(field, "") }

func firstRunes(text string, n int) string {
	runes := []rune(text)
	return string(runes[:min(n, len(runes))])
}

// own returns the template with an ID. It answers and returns nil if the account may not change the template now.
func (x *exchange) own(id string) *template {
	t := x.zone.template(id)
	switch {
	case t == nil:
		notFound(x.w)
		return nil
	case t.Visibility != private:
		message(x.w, http.StatusForbidden, "public templates cannot be changed")
		return nil
	case x.busy(id):
		return nil
	}
	return t
}

func (s *Simulator) updateTemplate(x *exchange, id string) {
	var body struct {
		Name        *string `json:"name"`
		Description *string `json:"description"`
	}
	t := x.own(id)
	if t == nil || !x.decode(&body, true) {
		return
	}
	var r rules
	r.text("name", body.Name, false, 1, longName)
	r.text("description", body.Description, false, 0, longDescription)
	if r.refuse(x) {
		return
	}
	s.begin(x, operation{
		Work: workUpdateTemplate, RefID: id, RefNoun: "template", Locks: []string{id},
		Name: body.Name, Description: body.Description,
	})
}

// copyTemplate makes a template with a new ID in another zone. The operation belongs to this one.
func (s *Simulator) copyTemplate(x *exchange, id string) {
	t := x.zone.template(id)
	if t == nil {
		notFound(x.w)
		return
	}
	// A client may send a zone with all fields of the list of zones.
	var body struct {
		TargetZone *struct {
			Name        string `json:"name"`
			APIEndpoint string `json:"api-endpoint"`
			SOSEndpoint string `json:"sos-endpoint"`
		} `json:"target-zone"`
	}
	if x.busy(id) || !x.decode(&body, true) {
		return
	}
	if body.TargetZone == nil || body.TargetZone.Name == x.zone.Name || s.State.zone(body.TargetZone.Name) == nil {
		invalid(x.w, "the request does not fit the schema", field{"target-zone", "must be another zone"})
		return
	}
	target := s.State.zone(body.TargetZone.Name)
	if x.full(target, quotaTemplate) {
		return
	}
	made := *t
	made.ID, made.Visibility, made.CreatedAt, made.Pending = s.State.newID(
		"template",
		target.Name,
	), private, s.Now(), true
	target.Templates = append(target.Templates, &made)
	s.begin(x, operation{
		Work: workMakeTemplate, RefID: made.ID, RefNoun: "template", Locks: []string{id}, TargetZone: target.Name,
	})
}

func (s *Simulator) deleteTemplate(x *exchange, id string) {
	if x.own(id) == nil || !x.empty() {
		return
	}
	s.begin(x, operation{Work: workDeleteTemplate, RefID: id, RefNoun: "template", Locks: []string{id}})
}

func (s *Simulator) finishTemplate(z *zone, o *operation) {
	if o.TargetZone != "" {
		z = s.State.zone(o.TargetZone)
	}
	t := z.anyTemplate(o.RefID)
	switch {
	case t == nil:
	case o.State != success, o.Work == workDeleteTemplate:
		z.dropTemplate(o.RefID)
	case o.Work == workMakeTemplate:
		t.Pending = false
	default:
		t.Name, t.Description = simkit.ValueOr(o.Name, t.Name), simkit.ValueOr(o.Description, t.Description)
	}
}
