package sim

import (
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// templates are what a VM can be recreated from.
func templates() []templateResource {
	ubuntu, debian := "https://docs.ubuntu.com", "https://www.debian.org/doc/"
	return []templateResource{
		{ID: 6523, Name: "Ubuntu 20.04 LTS", Description: "Ubuntu 20.04 LTS", Documentation: &ubuntu},
		{ID: 6524, Name: "Debian 12", Description: "Debian 12", Documentation: &debian},
	}
}

func findTemplate(id int64) (templateResource, bool) {
	all := templates()
	i := slices.IndexFunc(all, func(t templateResource) bool { return t.ID == id })
	if i < 0 {
		return templateResource{}, false
	}
	return all[i], true
}

// template is what the VM runs.
func (m *Machine) template() templateResource {
	if t, ok := findTemplate(m.Template); ok {
		return t
	}
	return templates()[0]
}

// serveTemplates answers the list of templates, and each of them below it.
func (s *Simulator) serveTemplates(w http.ResponseWriter, r *http.Request, path string) {
	id, ok := parseNumber(strings.TrimPrefix(path, "/"))
	t, found := findTemplate(id)
	switch {
	case path == "":
		s.serve(w, r, map[string]handler{http.MethodGet: func(w http.ResponseWriter, _ *http.Request, _ *Machine, _ string) {
			simkit.JSON(w, http.StatusOK, templates())
		}}, nil, "")
	case !ok:
		s.refuse(w, http.StatusNotFound, noRoute)
	case !found:
		s.refuse(w, http.StatusNotFound, noTemplate)
	default:
		s.serve(w, r, map[string]handler{http.MethodGet: func(w http.ResponseWriter, _ *http.Request, _ *Machine, _ string) {
			simkit.JSON(w, http.StatusOK, t)
		}}, nil, "")
	}
}

// shortestPassword is what the vendor's document asks of a password, beside a capital letter, a small one and a digit.
const shortestPassword = 12

// recreateMachine installs a template anew, which deletes the snapshot.
func (s *Simulator) recreateMachine(w http.ResponseWriter, r *http.Request, m *Machine, _ string) {
	var body struct {
		TemplateID          *int64  `json:"template_id"`
		Password            *string `json:"password"`
		PanelPassword       *string `json:"panel_password"`
		PostInstallScriptID *int64  `json:"post_install_script_id"`
	}
	if !s.decode(w, r, &body) || !s.accepts(w, m) {
		return
	}
	problems := map[string][]string{}
	template := int64(0)
	if body.TemplateID != nil {
		template = *body.TemplateID
	}
	if _, ok := findTemplate(template); !ok {
		problems["template_id"] = []string{"The template_id must be the ID of a template."}
	}
	for name, password := range map[string]*string{"password": body.Password, "panel_password": body.PanelPassword} {
		if password != nil && weak(*password) {
			problems[name] = []string{"The " + name + " must have at least 12 characters, with a capital letter, a small letter and a digit."}
		}
	}
	if body.PostInstallScriptID != nil {
		problems["post_install_script_id"] = []string{"There is no such post-install script."}
	}
	if len(problems) > 0 {
		s.refuseFields(w, http.StatusUnprocessableEntity, invalid, problems)
		return
	}
	s.start(w, m, Action{Name: recreateName, Template: template})
}

func weak(password string) bool {
	return utf8.RuneCountInString(password) < shortestPassword ||
		!strings.ContainsFunc(password, unicode.IsUpper) || !strings.ContainsFunc(password, unicode.IsLower) || !strings.ContainsFunc(password, unicode.IsDigit)
}
