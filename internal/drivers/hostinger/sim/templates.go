package sim

import (
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// templates returns the templates that a VM can be recreated from.
func templates() []templateResource {
	ubuntu, debian := "https://docs.ubuntu.com", "https://www.debian.org/doc/"
	return []templateResource{
		{ID: 6523, Name: "Ubuntu 20.04 LTS", Description: "Ubuntu 20.04 LTS", Documentation: &ubuntu},
		{ID: 6524, Name: "Debian 12", Description: "Debian 12", Documentation: &debian},
	}
}

// findTemplate returns the template with an ID, or nil.
func findTemplate(id int64) *templateResource {
	all := templates()
	i := slices.IndexFunc(all, func(t templateResource) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// template returns the template that the VM runs.
func (m *Machine) template() templateResource {
	if t := findTemplate(m.Template); t != nil {
		return *t
	}
	return templates()[0]
}

// pathTemplate returns the template in the path of a request. It answers and returns nil if there is none.
func (s *Simulator) pathTemplate(w http.ResponseWriter, r *http.Request) *templateResource {
	id, ok := parseNumber(r.PathValue("template"))
	if !ok {
		s.refuse(w, http.StatusNotFound, noRoute)
		return nil
	}
	t := findTemplate(id)
	if t == nil {
		s.refuse(w, http.StatusNotFound, noTemplate)
	}
	return t
}

func listTemplates(w http.ResponseWriter, _ *http.Request) {
	simkit.JSON(w, http.StatusOK, templates())
}

func (s *Simulator) getTemplate(w http.ResponseWriter, r *http.Request) {
	if t := s.pathTemplate(w, r); t != nil {
		simkit.JSON(w, http.StatusOK, t)
	}
}

// shortestPassword is the least length of a password. It also needs a capital letter, a small letter and a digit.
const shortestPassword = 12

// recreateMachine installs a template, which deletes the snapshot.
func (s *Simulator) recreateMachine(w http.ResponseWriter, r *http.Request, m *Machine) {
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
	template := simkit.ValueOr(body.TemplateID, 0)
	if findTemplate(template) == nil {
		problems["template_id"] = []string{"The template_id must be the ID of a template."}
	}
	for name, password := range map[string]*string{"password": body.Password, "panel_password": body.PanelPassword} {
		if password != nil && weak(*password) {
			problems[name] = []string{
				"The " + name + " must have at least 12 characters, with a capital letter, a small letter and a digit.",
			}
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
		!strings.ContainsFunc(password, unicode.IsUpper) ||
		!strings.ContainsFunc(password, unicode.IsLower) ||
		!strings.ContainsFunc(password, unicode.IsDigit)
}
